"""`ask`: only the questions that matter, one at a time, then the decision."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import Any

import click

from accessrules.commands.answers import Answers
from accessrules.commands.explained import print_explained
from accessrules.commands.inputs import Asked, Given
from accessrules.commands.options import Verb, about_case
from accessrules.commands.output import plain, print_document, print_json, standard_input, stdout_look, write_out
from accessrules.commands.questions import Question
from accessrules.commands.telling import Teller
from accessrules.decision import Decision
from accessrules.errors import Problem, QueryError

__all__ = ["command"]

_LONGEST = 10_000


@click.command("ask", cls=Verb)
@about_case(formats=("text", "json"))
@click.option(
    "--skip", multiple=True, metavar="FACT", help="A fact that is not known and is not asked for (repeatable)."
)
def command(given: Given, skip: tuple[str, ...]) -> None:
    """Ask only what can change the answer, one question at a time, then decide and explain.

    Answer with a value, a number of the list or a name; `?` means don't know. With --format json the next
    question is printed instead, or the decision where none is left.

    \b
    accessrules ask
    accessrules ask category=冰箱 --lang zh
    accessrules ask category=fridge --format json
    """
    asked = given.read()
    answers = Answers(asked, skip)
    if given.format == "json":
        _print_next(asked, answers)
    else:
        _Conversation(asked, answers).hold()


def _print_next(asked: Asked, answers: Answers) -> None:
    question = answers.next()
    if question is not None:
        print_json({"done": False, **question})
    else:
        print_json({"done": True, "decision": answers.decide().model_dump()})


class _Conversation:
    """Questions on standard output, answers from standard input."""

    def __init__(self, asked: Asked, answers: Answers) -> None:
        self.asked, self.answers = asked, answers
        self.teller = Teller(asked.rules, asked.lang)
        self.look = stdout_look()
        self.input = standard_input("ask")

    def hold(self) -> None:
        """Ask until nothing that matters is left, or nobody answers any more; then decide and explain."""
        number = 0
        if isinstance(self.input, TextIOWrapper):
            self.input.reconfigure(errors="replace")
        self._say("ask_welcome")
        if self.asked.took_today:
            self._print(self.teller.today(self.asked))
        while (question := self.answers.next()) is not None:
            number += 1
            self._state(question, number)
            if not self._answer(Question(question, self.teller)):
                write_out("")
                self._say("ask_end")
                break
        else:
            self._say("ask_enough" if self._decision().status == "decided" else "ask_no_more")
        write_out("")
        print_explained(self.answers.asked, [self._decision()])

    def _decision(self) -> Decision:
        return self.answers.decide()

    def _state(self, question: dict[str, Any], number: int) -> None:
        """How far the conversation is: what is known, what is possible, how many questions may remain."""
        write_out("")
        decision, more = self._decision(), question["may_remain"]
        facts = [*self.teller.facts(decision.case), self.teller.day(decision.case.as_of)]
        self._say("ask_known", facts=self.teller.text("between").join(facts))
        possible = [self.teller.labels.outcome(decision.decision, one) for one in decision.possible]
        if possible:
            self._say("ask_possible", outcomes=self.teller.text("name_list").join(possible))
        write_out("")
        self._say("ask_count" if more else "ask_last", number=str(number), **({"more": str(more)} if more else {}))

    def _answer(self, question: Question) -> bool:
        """Ask until the answer is one; False where nobody answers any more."""
        self._print(*question.blocks(self.asked.name))
        while True:
            sys.stdout.write("> ")
            sys.stdout.flush()
            typed = self.input.readline(_LONGEST)
            if not typed:
                return False
            if len(typed) == _LONGEST:
                raise QueryError([Problem("ask", f"an answer is longer than {_LONGEST} characters", "answer in short")])
            if not self.input.isatty():
                write_out(plain(typed.strip()))  # an answer through a pipe is not seen otherwise
            reply = question.read(typed)
            if reply.is_value:
                self.answers.take(question.fact.name, reply.value)
                self._say("ask_taken", fact=self.teller.stated(question.fact.name, reply.value))
                return True
            if reply.is_unknown:
                self.answers.skip(question.fact.name)
                self._say("ask_skipped")
                return True
            self._print(*reply.blocks)

    def _say(self, word: str, **parts: str) -> None:
        self._print(self.teller.paragraph(word, **parts))

    def _print(self, *blocks: Any) -> None:
        print_document(self.teller.document(*blocks), "text", self.look)
