/* accessrules: issuing_authority of sample 7, as_of 2018-03-14, sha256:3d553207dada97898c5b3c770cf5ecc575954dcadffec7e59d54799507704d18 */
CREATE OR REPLACE VIEW "trade"."decided" AS
WITH "accessrules_value" AS (
  SELECT
    *
  FROM (VALUES
    ('appliance', 1, 0),
    ('freezer', 2, 3),
    ('gas_cooker', 3, 3),
    ('other_appliance', 4, 3),
    ('pump', 5, 3),
    ('refrigerator', 6, 0),
    ('valve', 7, 3)) AS "given"("value", "code", "idle_0")
), "accessrules_member" AS (
  SELECT
    *
  FROM (VALUES
    (0, 0),
    (0, 1),
    (0, 2),
    (0, 3),
    (0, 4),
    (0, 5),
    (0, 6),
    (1, 0),
    (1, 2),
    (1, 3),
    (1, 5),
    (2, 0),
    (3, 1),
    (4, 2),
    (5, 4),
    (6, 3),
    (6, 5),
    (7, 6)) AS "given"("code", "box")
), "accessrules_box" AS (
  SELECT
    *
  FROM (VALUES
    (0, 0, 3),
    (1, 1, 3),
    (2, 2, 3),
    (3, 2, 1),
    (4, 3, 3),
    (5, 4, 2),
    (6, 5, 3)) AS "given"("box", "kind", "word_0")
), "accessrules_kind" AS (
  SELECT
    *
  FROM (VALUES
    (0, 3, 4, 1, 2),
    (1, 1, 4, 0, 2),
    (2, 3, 3, 1, 1),
    (3, 2, 2, 0, 0),
    (4, 4, 4, 2, 2),
    (5, 2, 3, 0, 1)) AS "given"("kind", "way_low", "way_high", "first_low", "first_high")
), "accessrules_way" AS (
  SELECT
    *
  FROM (VALUES
    (1, 'conflict', CAST(NULL AS TEXT)),
    (2, 'no_rule', CAST(NULL AS TEXT)),
    (3, 'decided', 'designated'),
    (4, 'decided', 'national')) AS "given"("way", "status", "outcome")
), "accessrules_rule" AS (
  SELECT
    *
  FROM (VALUES
    (0, CAST(NULL AS TEXT)),
    (1, 'issued.by-bodies'),
    (2, 'issued.nationally')) AS "given"("number", "rule")
), "accessrules_asked" AS (
  SELECT DISTINCT
    CASE
      WHEN (
        NOT CAST("case"."category" AS TEXT) IS NULL AND "value"."code" IS NULL
      )
      OR (
        NOT "case"."effective_volume" IS NULL
        AND NOT (
          "case"."effective_volume" >= 0 AND "case"."effective_volume" < 1e300
        )
      )
      THEN -1
      ELSE COALESCE("value"."code", 0)
    END AS "code",
    (
      (
        CASE
          WHEN "case"."effective_volume" IS NULL
          THEN 3
          ELSE CASE WHEN "case"."effective_volume" < 500 THEN 1 ELSE 2 END
        END
      ) | COALESCE("value"."idle_0", 0)
    ) AS "word_0"
  FROM "trade"."register" AS "case"
  LEFT JOIN "accessrules_value" AS "value"
    ON "value"."value" = CAST("case"."category" AS TEXT)
), "accessrules_reached" AS (
  SELECT
    "asked"."code",
    "asked"."word_0",
    MIN("kind"."way_low") AS "way_low",
    MAX("kind"."way_high") AS "way_high",
    MIN("kind"."first_low") AS "first_low",
    MAX("kind"."first_high") AS "first_high"
  FROM "accessrules_asked" AS "asked"
  JOIN "accessrules_member" AS "member"
    ON "member"."code" = "asked"."code"
  JOIN "accessrules_box" AS "box"
    ON "box"."box" = "member"."box"
    AND (
      (
        (
          "asked"."word_0" & "box"."word_0"
        ) + CAST(3 AS BIGINT)
      ) & 4
    ) = 4
  JOIN "accessrules_kind" AS "kind"
    ON "kind"."kind" = "box"."kind"
  GROUP BY
    "asked"."code",
    "asked"."word_0"
), "accessrules_answer" AS (
  SELECT
    "reached"."code",
    "reached"."word_0",
    COALESCE("way"."status", 'undetermined') AS "status",
    "way"."outcome" AS "outcome",
    "rule"."rule" AS "rule",
    CAST(NULL AS TEXT) AS "problems"
  FROM "accessrules_reached" AS "reached"
  LEFT JOIN "accessrules_way" AS "way"
    ON "reached"."way_low" = "reached"."way_high" AND "way"."way" = "reached"."way_low"
  LEFT JOIN "accessrules_rule" AS "rule"
    ON "rule"."number" = CASE
      WHEN "way"."status" = 'decided' AND "reached"."first_low" = "reached"."first_high"
      THEN "reached"."first_low"
      WHEN "way"."status" = 'decided'
      THEN "reached"."first_low"
    END
)
SELECT
  "case".*,
  COALESCE("status", 'rejected') AS "status",
  "outcome" AS "outcome",
  "rule" AS "rule",
  COALESCE(
    NULLIF(
      CONCAT_WS(
        '; ',
        CASE
          WHEN NOT CAST("case"."category" AS TEXT) IS NULL AND "value"."code" IS NULL
          THEN '`category` is no value of the vocabulary'
        END,
        CASE
          WHEN NOT "case"."effective_volume" IS NULL
          AND NOT (
            "case"."effective_volume" >= 0 AND "case"."effective_volume" < 1e300
          )
          THEN '`effective_volume` is no number of at least 0 L'
        END
      ),
      ''
    ),
    "problems"
  ) AS "problems"
FROM "trade"."register" AS "case"
LEFT JOIN "accessrules_value" AS "value"
  ON "value"."value" = CAST("case"."category" AS TEXT)
LEFT JOIN "accessrules_answer" AS "answer"
  ON CASE
    WHEN (
      NOT CAST("case"."category" AS TEXT) IS NULL AND "value"."code" IS NULL
    )
    OR (
      NOT "case"."effective_volume" IS NULL
      AND NOT (
        "case"."effective_volume" >= 0 AND "case"."effective_volume" < 1e300
      )
    )
    THEN -1
    ELSE COALESCE("value"."code", 0)
  END = "answer"."code"
  AND (
    (
      CASE
        WHEN "case"."effective_volume" IS NULL
        THEN 3
        ELSE CASE WHEN "case"."effective_volume" < 500 THEN 1 ELSE 2 END
      END
    ) | COALESCE("value"."idle_0", 0)
  ) = "answer"."word_0";
