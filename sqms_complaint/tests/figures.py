class FiguresMixin:
    """What is proven to leave the figures alone."""

    def _figures(self):
        """All that indicators say, of all definitions there are: counts, counts above the line, sums, by dimension."""
        self.env.flush_all()
        self.env.invalidate_all()
        said = {}
        for indicator in self.env["sqms.indicator"].sudo().search([]):
            try:
                formula = indicator._formula()
            except Exception:  # pylint: disable=broad-except
                self.assertFalse(indicator.model and indicator.model in self.env and indicator.date_field, indicator)
                continue
            model = self.env[formula.model].sudo().with_context(active_test=False)
            fields = [name for name in formula.dimensions if "." not in name and model._fields[name].store]
            sums = [f"{formula.quantity}:sum"] if formula.quantity else []
            for name in (None, *fields):
                for domain in (formula.domain, formula.domain & formula.numerator):
                    rows = model._read_group(domain, [name] if name else [], ["__count", *sums])
                    said[indicator.code, name, str(domain)] = sorted(map(str, rows))
        return said
