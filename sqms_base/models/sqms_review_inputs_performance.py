from odoo import models

OPEN = ("found", "contained", "cause", "action", "verified", "effective")
CHANGES = ("corrective", "preventive", "improvement")


class SqmsReviewInputsPerformance(models.Model):
    """How the system performed, with trends: ISO 9001 9.3.2 c 1) to 7)."""

    _inherit = "sqms.review"

    # -- 1) ------------------------------------------------------------------------

    def _review_satisfaction(self, period):
        return self._review_merge(self._review_feedback(period), self._review_promises(period))

    def _review_feedback(self, period):
        if not self._review_has("sqms.feedback"):
            return self._review_content(empty=self.env._("No feedback has been received."))
        field = "received_on" if "received_on" in self.env["sqms.feedback"]._fields else "create_date"
        total, before = self._review_twice(period, "sqms.feedback", field)
        figures = [self._review_tally("feedback", self.env._("Feedback received"), total, before, better="higher")]
        if "is_on_time" in self.env["sqms.feedback"]._fields:
            late = ("date_due", "<", period.today)
            due, due_before = self._review_twice(period, "sqms.feedback", field, ("date_due", "!=", False), late)
            kept, kept_before = self._review_twice(
                period, "sqms.feedback", field, ("date_due", "!=", False), late, ("is_on_time", "=", True)
            )
            figures.append(
                self._review_share(
                    "feedback_on_time", self.env._("Feedback answered on time"), kept, due,
                    before=(kept_before, due_before), better="higher", target=100,
                )
            )  # fmt: skip
        tables = []
        if "kind" in self.env["sqms.feedback"]._fields:
            tables.append(
                self._review_by(period, "sqms.feedback", "kind", self.env._("Feedback by kind"), date_field=field)
            )
        return self._review_content(figures=figures, tables=tables)

    def _review_promises(self, period):
        if not self._review_has("sqms.commitment"):
            return self._review_content(empty=self.env._("No promise to customers is registered."))
        broken, before = self._review_twice(
            period, "sqms.commitment.breach", "happened_at", ("state", "!=", "dismissed")
        )
        owed, owed_before = self._review_twice(
            period, "sqms.commitment.breach", "happened_at", ("state", "=", "reported")
        )
        found = self.env["sqms.commitment.breach"].sudo()._read_group(
            [("company_id", "=", period.company.id), ("state", "!=", "dismissed"),
             *self._review_between("sqms.commitment.breach", "happened_at", "now", period)],
            ["commitment_id"], ["__count"], order="__count desc",
        )  # fmt: skip
        return self._review_content(
            figures=[
                self._review_tally("promises_broken", self.env._("Promises broken"), broken, before, better="lower"),
                self._review_tally("remedies_owed", self.env._("Remedies still owed"), owed, owed_before,
                                   better="lower", target=0, of=broken) if broken else None,
            ],
            tables=[
                self._review_table(
                    self.env._("Which promises were broken"), [self.env._("Promise"), self.env._("Times")],
                    [[promise.with_env(self.env(su=True)).display_name, count] for promise, count in found],
                )
            ],
        )  # fmt: skip

    # -- 2) ------------------------------------------------------------------------

    def _review_objectives(self, period):
        """The objectives that ran in the period: what was reached of each, by its indicators."""
        goals = self.env["sqms.goal"].sudo().search(
            [("company_id", "=", period.company.id), ("kind", "=", "objective"),
             ("state", "in", ("approved", "achieved", "missed")),
             ("date_from", "<=", period.date_to), ("date_to", ">=", period.date_from)]
        )  # fmt: skip
        if not goals:
            return self._review_content(empty=self.env._("No objective was in force in the period."))
        closed = goals.filtered(lambda goal: goal.state != "approved")
        figures = self._review_targets(goals)
        measured = [goal for goal in goals if goal.has_progress]
        return self._review_content(
            figures=[
                self._review_share(
                    "objectives_met", self.env._("Objectives reached"),
                    len(closed.filtered(lambda goal: goal.state == "achieved")), len(closed), decimals=0,
                    better="higher", target=100,
                ) if closed else None,
                *figures,
            ],
            tables=[
                self._review_table(
                    self.env._("Objectives"),
                    [self.env._("Objective"), self.env._("Who"), self.env._("By When"), self.env._("Progress")],
                    [[goal.display_name, goal.owner_id.name, self._review_day(goal.date_to), goal.progress_label]
                     for goal in goals],
                )
            ],
            charts=[
                self._review_chart(
                    self.env._("Way gone to the objectives"), "bars",
                    [{"label": goal.name, "value": round(goal.progress, 1),
                      "text": self._review_number(goal.progress, "%"),
                      "tone": "good" if goal.progress >= 100 else "data"} for goal in measured],
                    unit="%", target=100, target_text=self.env._("reached"),
                )
            ] if measured else [],
        )  # fmt: skip

    def _review_targets(self, goals):
        """Each measured target of an objective as a figure, with its target."""
        units = {"percent": "%", "hours": "h"}
        figures = []
        for line in goals.target_ids:
            if not line.has_value:
                continue
            indicator = line.indicator_id
            value, n = line._figures()[line.id]
            figures.append(
                self._review_figure(
                    f"target_{line.id}", indicator.name, round(value, indicator.decimals),
                    unit=units.get(indicator.unit, ""), decimals=indicator.decimals, n=n,
                    better=indicator.direction if indicator.direction != "neutral" else "", target=line.target,
                )
            )  # fmt: skip
        return figures

    # -- 3) ------------------------------------------------------------------------

    def _review_processes(self, period):
        if not self._review_has("sqms.process"):
            return self._review_content(empty=self.env._("No process is registered."))
        processes = (
            self.env["sqms.process"].sudo().search([("company_id", "=", period.company.id), ("state", "=", "in_force")])
        )
        found = {
            model: dict(
                self.env[model].sudo()._read_group(
                    [("company_id", "=", period.company.id), ("process_id", "in", processes.ids),
                     *self._review_between(model, date_field, "now", period)],
                    ["process_id"], ["__count"],
                )
            )
            for model, date_field in (("sqms.nonconformity", "found_at"), ("sqms.commitment.breach", "happened_at"))
        }  # fmt: skip
        registers = [model for model in found if self._review_has(model)]
        heads = {"sqms.nonconformity": self.env._("Nonconformities"),
                 "sqms.commitment.breach": self.env._("Promises broken")}  # fmt: skip
        rows = [
            [process.display_name, process.owner_id.name or self.env._("nobody"),
             *(found[model].get(process, 0) for model in registers)]
            for process in processes
        ]  # fmt: skip
        rows.sort(key=lambda row: (-sum(row[2:]), row[0]))
        owned = len(processes.filtered(lambda process: process.owner_id.active))
        counts = found["sqms.nonconformity"]
        worst = sorted(counts, key=lambda process: (-counts[process], process.id))[:8]
        return self._review_content(
            figures=[
                self._review_share(
                    "processes_owned", self.env._("Processes with an owner"), owned, len(processes),
                    decimals=0, better="higher", target=100,
                )
            ],
            tables=[
                self._review_table(
                    self.env._("Processes in force"),
                    [self.env._("Process"), self.env._("Owner"), *(heads[model] for model in registers)],
                    rows,
                )
            ],
            charts=[
                self._review_chart(
                    self.env._("Nonconformities by process"), "bars",
                    [{"label": process.with_env(self.env(su=True)).display_name, "value": counts[process]}
                     for process in worst],
                )
            ] if worst else [],
        )  # fmt: skip

    # -- 4) ------------------------------------------------------------------------

    def _review_nonconformities(self, period):
        model = "sqms.nonconformity"
        actions = self._review_actions(period)
        if not self._review_has(model):
            return self._review_merge(
                self._review_content(empty=self.env._("No nonconformity has been recorded.")), actions
            )
        real = ("state", "!=", "dismissed")
        found, before = self._review_twice(period, model, "found_at", real)
        still = self._review_count(period, model, ("state", "in", OPEN))
        grades = self._review_by(period, model, "grade", self.env._("Found in the period, by grade"), real,
                                 date_field="found_at")  # fmt: skip
        again = self._review_count(period, model, ("cycle", ">", 1), real,
                                   *self._review_between(model, "found_at", "now", period))  # fmt: skip
        months = self._review_months(period, model, "found_at", real)
        return self._review_merge(
            self._review_content(
                figures=[
                    self._review_tally("nonconformities", self.env._("Nonconformities found"), found, before,
                                       better="lower"),
                    self._review_tally("nonconformities_open", self.env._("Nonconformities open now"), still),
                    self._review_tally("nonconformities_again", self.env._("Gone through a second cycle"), again),
                ],
                tables=[grades],
                charts=[
                    self._review_line(self.env._("Nonconformities found, by month"), months,
                                      **self._review_border(period, months)),
                ],
            ),
            actions,
        )  # fmt: skip

    def _review_border(self, period, months):
        """The upright line in a chart where the period begins."""
        first = period.date_from.replace(day=1)
        place = next((place for place, (day, _value) in enumerate(months) if day == first), None)
        if not place:
            return {}
        words = self.env._("from %s", self._review_day(period.date_from))
        return {"moments": [{"at": place, "text": words}]}

    def _review_actions(self, period):
        """Corrective and other actions: how many are late today, how many were done by their day, whether they help."""
        if not self._review_has("sqms.action"):
            return self._review_content(empty=self.env._("No action has been recorded."))
        waiting = ("state", "in", ("planned", "started"))
        still = self._review_count(period, "sqms.action", waiting)
        late = self._review_count(period, "sqms.action", waiting, ("date_due", "<", period.today))
        return self._review_content(
            figures=[
                self._review_tally("actions_late", self.env._("Actions late today"), late, better="lower", target=0,
                                   of=still, note=self.env._("of %s open", still)),
                self._review_done_on_time(period),
                self._review_actions_proven(period, "actions_proven"),
            ],
            tables=[self._review_by(period, "sqms.action", "state", self.env._("All actions by state"))],
        )  # fmt: skip

    def _review_done_on_time(self, period):
        fields = self.env["sqms.action"]._fields
        if "done_at" not in fields or "is_on_time" not in fields:
            return None
        done, before = self._review_twice(period, "sqms.action", "done_at")
        kept, kept_before = self._review_twice(period, "sqms.action", "done_at", ("is_on_time", "=", True))
        return self._review_share(
            "actions_on_time", self.env._("Actions done on time"), kept, done, before=(kept_before, before),
            better="higher", is_sample=True,
        )  # fmt: skip

    def _review_actions_proven(self, period, key, *domain):
        """Of the actions that were checked for their effect, those that had it."""
        fields = self.env["sqms.action"]._fields
        lasting = ("kind", "in", CHANGES)
        if "checked_at" in fields:
            found, found_before = self._review_twice(
                period, "sqms.action", "checked_at", lasting, ("state", "=", "effective"), *domain
            )
            failed, failed_before = self._review_twice(
                period, "sqms.action", "checked_at", lasting, ("state", "=", "ineffective"), *domain
            )
        else:
            found = self._review_count(period, "sqms.action", lasting, ("state", "=", "effective"), *domain)
            failed = self._review_count(period, "sqms.action", lasting, ("state", "=", "ineffective"), *domain)
            found_before = failed_before = 0
        return self._review_share(
            key, self.env._("Actions proven effective"), found, found + failed,
            before=(found_before, found_before + failed_before), better="higher", is_sample=True,
        )  # fmt: skip

    # -- 5) to 7) --------------------------------------------------------------------

    def _review_monitoring(self, period):
        """What was checked in the services; addons that compute indicators add theirs."""
        if not self._review_has("sqms.control.record"):
            return self._review_content(empty=self.env._("No check of a service has been recorded."))
        fields = self.env["sqms.control.record"]._fields
        if "result" not in fields or "done_at" not in fields:
            return self._review_content(
                tables=[self._review_by(period, "sqms.control.record", "state", self.env._("Checks by state"))]
            )
        counts = ("is_superseded", "!=", True)
        total, before = self._review_twice(period, "sqms.control.record", "done_at", ("result", "!=", False), counts)
        out, out_before = self._review_twice(period, "sqms.control.record", "done_at", ("result", "=", "out"), counts)
        right, right_before = total - out, before - out_before
        return self._review_content(
            figures=[
                self._review_share("checks_conform", self.env._("Service checks within limits"), right, total,
                                   before=(right_before, before), better="higher", is_sample=True)
            ],
            tables=[
                self._review_by(period, "sqms.control.record", "plan_id", self.env._("Checks by plan"), counts,
                                ("result", "!=", False), date_field="done_at")
            ],
        )  # fmt: skip

    def _review_audits(self, period):
        """Addons that keep audits fill this."""
        return self._review_content(empty=self.env._("No register of audits is installed."))

    def _review_providers(self, period):
        """Addons that keep providers fill this."""
        return self._review_content(
            empty=self.env._("No register of external providers is installed; please say in the comment how they did.")
        )

    # -- tools -----------------------------------------------------------------------

    def _review_by(self, period, model, name, title, *domain, date_field=None):
        """How many there are by a field of theirs: a table; a selection in its own order, anything else by number.

        :param date_field: count those of the period only, with the period before beside them
        """
        field = self.env[model]._fields[name]
        counts = {}
        for which in ("now", "before") if date_field else ("now",):
            between = self._review_between(model, date_field, which, period) if date_field else []
            counts[which] = dict(
                self.env[model]
                .sudo()
                ._read_group([("company_id", "=", period.company.id), *between, *domain], [name], ["__count"])
            )
        keys = list(dict.fromkeys(key for found in counts.values() for key in found))
        if field.type == "selection":
            names = dict(field._description_selection(self.env))
            keys.sort(key=lambda key: list(names).index(key) if key in names else len(names))
        else:
            names = {key: key.with_env(self.env(su=True)).display_name if key else "" for key in keys}
            keys.sort(key=lambda key: (-counts["now"].get(key, 0), names[key]))
        heads = [self.env._("How Many")] if not date_field else [self.env._("How Many"), self.env._("Period Before")]
        return self._review_table(
            title, [field._description_string(self.env), *heads],
            [[names.get(key) or self.env._("not said"), *(found.get(key, 0) for found in counts.values())]
             for key in keys],
        )  # fmt: skip
