from odoo import fields


class Optional:
    """A figure whose absence stays apart from zero: read as `False`, stored as NULL, left out of averages."""

    falsy_value = None

    def convert_to_column(self, value, record, values=None, validate=True):
        return None if value is None or value is False else super().convert_to_column(value, record, values, validate)

    def convert_to_cache(self, value, record, validate=True):
        return None if value is None or value is False else super().convert_to_cache(value, record, validate)

    def convert_to_record(self, value, record):
        return False if value is None else value

    def convert_to_export(self, value, record):
        return "" if value is None or value is False else value


class OptionalScore(Optional, fields.Integer):
    """A score."""


class OptionalMean(Optional, fields.Float):
    """A mean of scores."""
