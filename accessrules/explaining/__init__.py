"""Explanations: from a decision to data, and from data to words."""
