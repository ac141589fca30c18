"""Checks of JSON by tables: each shape is a function of (value, path) that raises what the
Graph says."""
import re

from errors import GraphError, bad


def text(most, pattern=None, least=1):
    """A text of so many characters."""
    def check(value, path):
        if not isinstance(value, str):
            raise bad(f"Param {path} must be a string.")
        if len(value) > most:
            raise bad(f"Param {path} must be at most {most} characters long.")
        if len(value) < least:
            raise GraphError(131008, f"{path} is empty")
        if pattern and not re.fullmatch(pattern, value):
            raise GraphError(131009, f"{path} is not valid: '{value}'")
    return check


def truth(value, path):
    if not isinstance(value, bool):
        raise bad(f"Param {path} must be a boolean.")


def number(value, path):
    try:
        float("no" if isinstance(value, bool) else value)
    except (TypeError, ValueError):
        raise bad(f"Param {path} must be a number.") from None


def one_of(*choices):
    def check(value, path):
        if value not in choices:
            listed = ", ".join(choice.upper() for choice in choices)
            raise bad(f"Param {path} must be one of {{{listed}}} - got \"{value}\".")
    return check


def each(shape, most, least=1):
    """A list of so many."""
    def check(value, path):
        if not isinstance(value, list):
            raise bad(f"Param {path} must be an array.")
        if not least <= len(value) <= most:
            raise GraphError(131009, f"{path} has {len(value)} elements, of {least} to {most}")
        for i, element in enumerate(value):
            shape(element, f"{path}[{i}]")
    return check


def anything(value, path):
    """Parts that no test is about."""
    if not isinstance(value, (dict, list, str)):
        raise bad(f"Param {path} is not valid.")


def fields(required, optional=None):
    """An object with these fields and no others."""
    optional = optional or {}

    def check(value, path):
        if not isinstance(value, dict):
            raise bad(f"Param {path} must be a JSON object.")
        for name in value:
            if name not in required and name not in optional:
                raise bad(f"Unexpected key \"{name}\" on param \"{path}\".")
        for name, shape in required.items():
            if name not in value:
                raise bad(f"The parameter {path}['{name}'] is required.")
            shape(value[name], f"{path}['{name}']")
        for name, shape in optional.items():
            if name in value:
                shape(value[name], f"{path}['{name}']")
    return check


def exactly_one(names, shape):
    """One of these fields, never both or none."""
    def check(value, path):
        shape(value, path)
        there = [name for name in names if name in value]
        if len(there) != 1:
            raise bad(f"Param {path} must have exactly one of {', '.join(names)}.")
    return check
