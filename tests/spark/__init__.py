"""Spark gives the rows of the one machine; skipped where PySpark or Java is not installed."""
