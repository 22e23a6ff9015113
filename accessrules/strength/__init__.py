"""Casebook strength: what the cases of a casebook would notice, and cases that would notice more.

`mutants.py` makes small changes to rules, `judging.py` finds whether a case notices one, `bookcases.py` writes cases
that would, `suggested.py` cases for rules that none covers, `running.py` goes through many mutants at once.
"""
