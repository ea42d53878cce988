from odoo import models


class SqmsReviewInputs(models.Model):
    """What a management review looks at: ISO 9001 9.3.2 a) to f), ISO 10002 8.6, and what the house adds.

    1. `_review_inputs()` lists the sections, each with a method `_review_<key>(period)` that gives plain data, read for
       the company as a whole, whoever prepares the review.
    2. An addon adds a section to the list, or extends a method of the base by `super()` and `_review_merge`.
    3. What there is no register for is said so; nothing is shown as zero that was not counted.
    """

    _inherit = "sqms.review"

    def _review_inputs(self):
        """The sections: `[{key, sequence, title, clause, prepare}]`; `prepare` takes a `Period`."""
        part = self._review_section
        return [
            part("previous", 10, self.env._("Actions of earlier reviews"), "9.3.2 a", self._review_previous),
            part("changes", 20, self.env._("Changes outside and inside"), "9.3.2 b", self._review_changes),
            part("satisfaction", 30, self.env._("Customer satisfaction and feedback"), "9.3.2 c 1",
                 self._review_satisfaction),
            part("objectives", 32, self.env._("Objectives"), "9.3.2 c 2", self._review_objectives),
            part("processes", 34, self.env._("Processes and conformity of services"), "9.3.2 c 3",
                 self._review_processes),
            part("nonconformities", 36, self.env._("Nonconformities and corrective actions"), "9.3.2 c 4",
                 self._review_nonconformities),
            part("monitoring", 38, self.env._("Monitoring and measurement"), "9.3.2 c 5", self._review_monitoring),
            part("audits", 40, self.env._("Audits"), "9.3.2 c 6", self._review_audits),
            part("providers", 42, self.env._("External providers"), "9.3.2 c 7", self._review_providers),
            part("resources", 50, self.env._("Resources"), "9.3.2 d", self._review_resources),
            part("risks", 60, self.env._("Actions on risks and opportunities"), "9.3.2 e", self._review_risks),
            part("improvements", 70, self.env._("Opportunities for improvement"), "9.3.2 f",
                 self._review_improvements),
            part("complaints", 80, self.env._("Complaints"), "ISO 10002 8.6", self._review_complaints),
            part("costs", 90, self.env._("Quality cost and savings"), "9.1.3", self._review_costs),
            part("documents", 100, self.env._("Policy and documents"), "5.2, 7.5", self._review_documents),
            part("compliance", 110, self.env._("Standards and law"), "4.2, 8.2.2", self._review_compliance),
        ]  # fmt: skip

    def _review_section(self, key, sequence, title, clause, prepare):
        return {"key": key, "sequence": sequence, "title": title, "clause": clause, "prepare": prepare}

    # -- a) ------------------------------------------------------------------------

    def _review_previous(self, period):
        """The decisions of the last review that was held, and how they stand."""
        last = period.review.sudo().previous_id
        if not last:
            return self._review_content(empty=self.env._("No management review has been held before."))
        decisions = last.decision_ids.with_env(self.env(su=True))
        stands = {decision: decision._stands(period.today) for decision in decisions}
        done = sum(state in ("done", "dropped") for state, _days in stands.values())
        late = [decision for decision in decisions if stands[decision][0] == "late"]
        content = self._review_content(
            figures=[
                self._review_share(
                    "decisions_done", self.env._("Decisions carried out"), done, len(decisions), decimals=0,
                    better="higher",
                ),
                self._review_tally("decisions_late", self.env._("Decisions late"), len(late), better="lower", target=0,
                                   of=len(decisions)) if decisions else None,
            ],
            tables=[
                self._review_table(
                    self.env._("Decisions of %s", last.display_name),
                    [self.env._("Decision"), self.env._("Who"), self.env._("By When"), self.env._("How It Stands")],
                    [
                        [decision.name, decision.owner_id.name, self._review_day(decision.date_due),
                         decision.progress_label]
                        for decision in decisions
                    ],
                )
            ],
        )  # fmt: skip
        return {
            **content,
            "decisions": {
                "title": self.env._("Decisions of the last review"),
                "done": self.env._("%s done", done),
                "open": self.env._("%s under way", len(decisions) - done - len(late))
                if len(decisions) > done + len(late) else "",
                "late": [
                    self.env._("%(decision)s, %(who)s, %(days)s days over", decision=decision.name,
                               who=decision.owner_id.name, days=stands[decision][1])
                    for decision in late
                ],
                "late_words": self.env._("%s late", len(late)),
            },
        }  # fmt: skip

    # -- b) ------------------------------------------------------------------------

    def _review_changes(self, period):
        """What has changed of what the system rests on: standards, requirements, processes, policies, risks seen."""
        standards = self.env["sqms.standard"].sudo().search(
            [("date_from", ">=", period.date_from), ("date_from", "<=", period.date_to),
             ("company_id", "in", [False, period.company.id])]
        )  # fmt: skip
        rows = [
            [standard.display_name, self.env._("in force since %s", self._review_day(standard.date_from))]
            for standard in standards
        ]
        requirements, before = self._review_twice(
            period, "sqms.requirement", "approved_at", ("state", "!=", "rejected")
        )
        editions, editions_before = self._review_twice(
            period, "sqms.document.version", "effective_from", ("state", "in", ("effective", "superseded", "obsolete"))
        )
        processes, processes_before = self._review_twice(period, "sqms.process", "put_in_force_on")
        risks, risks_before = self._review_twice(period, "sqms.risk", "create_date")
        return self._review_content(
            figures=[
                self._review_tally("changed_requirements", self.env._("Customer requirements approved or revised"),
                                   requirements, before) if self._review_has("sqms.requirement") else None,
                self._review_tally("changed_processes", self.env._("Processes put in force"), processes,
                                   processes_before) if self._review_has("sqms.process") else None,
                self._review_tally("changed_documents", self.env._("Editions of documents that took effect"), editions,
                                   editions_before) if self._review_has("sqms.document.version") else None,
                self._review_tally("risks_seen", self.env._("Risks and opportunities newly seen"), risks, risks_before)
                if self._review_has("sqms.risk") else None,
            ],
            tables=[
                self._review_table(
                    self.env._("Standards and laws new in the period"),
                    [self.env._("Standard"), self.env._("What Changed")], rows,
                )
            ],
        )  # fmt: skip

    # -- d) ------------------------------------------------------------------------

    def _review_resources(self, period):
        people = self.env["hr.employee"].sudo().search_count([("company_id", "=", period.company.id)])
        equipment = self._review_count(period, "maintenance.equipment")
        return self._review_merge(
            self._review_content(
                figures=[
                    self._review_tally("people", self.env._("People"), people) if people else None,
                    self._review_tally("equipment", self.env._("Pieces of equipment"), equipment)
                    if equipment else None,
                ],
                empty=self.env._("People and equipment are not registered."),
            ),
            self._review_upkeep(period),
            self._review_resource_register(period),
        )  # fmt: skip

    def _review_upkeep(self, period):
        """Maintenance of the period, done by its day."""
        requests = [("schedule_date", "!=", False), ("archive", "=", False)]
        total, before = self._review_twice(period, "maintenance.request", "schedule_date", *requests)
        done, done_before = self._review_twice(
            period, "maintenance.request", "schedule_date", *requests, ("sqms_is_on_time", "=", True)
        )
        if not total and not before:
            return self._review_content(empty=self.env._("No maintenance was planned in the period."))
        return self._review_content(
            figures=[
                self._review_share(
                    "upkeep_on_time", self.env._("Maintenance done on time"), done, total,
                    before=(done_before, before), better="higher", is_sample=True,
                )
            ]
        )  # fmt: skip

    def _review_resource_register(self, period):
        """What the register of resources holds, by its states."""
        if not self._review_has("sqms.resource"):
            return self._review_content(empty=self.env._("No resources are registered."))
        return self._review_content(
            tables=[self._review_by(period, "sqms.resource", "state", self.env._("Resources by state"))]
        )

    # -- e) ------------------------------------------------------------------------

    def _review_risks(self, period):
        if not self._review_has("sqms.risk"):
            return self._review_content(empty=self.env._("No risk or opportunity is registered."))
        open_now = [("state", "!=", "closed")]
        total = self._review_count(period, "sqms.risk", *open_now)
        untreated = self._review_count(period, "sqms.risk", ("state", "in", ("identified", "assessed")))
        figures = [
            self._review_tally("risks_open", self.env._("Risks and opportunities open"), total),
            self._review_tally(
                "risks_untreated", self.env._("Risks not treated yet"), untreated, better="lower", of=total
            ),
            self._review_actions_proven(period, "risk_actions", ("risk_id", "!=", False)),
        ]
        tables, charts = [self._review_by(period, "sqms.risk", "state", self.env._("Risks by state"))], []
        fields = self.env["sqms.risk"]._fields
        if "level" in fields and "level_before" in fields:
            table, chart = self._review_risk_levels(period)
            tables, charts = [*tables, table], [chart]
        return self._review_content(figures=figures, tables=tables, charts=charts)

    def _review_risk_levels(self, period):
        """Before the first treatment and now: how many stand on each level."""
        names = dict(self.env["sqms.risk"]._fields["level"]._description_selection(self.env))
        found = {
            when: dict(
                self.env["sqms.risk"].sudo()._read_group(
                    [("company_id", "=", period.company.id), ("state", "!=", "closed"), ("kind", "=", "risk"),
                     (when, "!=", False)],
                    [when], ["__count"],
                )
            )
            for when in ("level_before", "level")
        }  # fmt: skip
        levels = [name for name in names if found["level"].get(name) or found["level_before"].get(name)]
        words = {"level_before": self.env._("When first rated"), "level": self.env._("Now")}
        table = self._review_table(
            self.env._("Risks by level"), [self.env._("Level"), *words.values()],
            [[names[level], *(found[when].get(level, 0) for when in words)] for level in levels],
        )  # fmt: skip
        chart = self._review_chart(
            self.env._("Risks by level, when first rated and now"), "stacked",
            [{"label": word, "values": [found[when].get(level, 0) for level in levels]}
             for when, word in words.items()],
            series=[names[level] for level in levels],
        )  # fmt: skip
        return table, chart if levels else None

    # -- f) ------------------------------------------------------------------------

    def _review_improvements(self, period):
        if not self._review_has("sqms.improvement"):
            return self._review_content(empty=self.env._("No idea has been recorded."))
        proposed, before = self._review_twice(period, "sqms.improvement", "create_date")
        figures = [
            self._review_tally("ideas", self.env._("Ideas proposed"), proposed, before, better="higher"),
            self._review_savings(period),
        ]
        months = self._review_months(period, "sqms.improvement", "create_date")
        return self._review_content(
            figures=figures,
            tables=[self._review_by(period, "sqms.improvement", "state", self.env._("Ideas by state"))],
            charts=[self._review_line(self.env._("Ideas proposed, by month"), months)] if proposed or before else [],
        )

    def _review_savings(self, period):
        """What was saved counts when a second person has verified it, in the period in which that was."""
        fields = self.env["sqms.improvement"]._fields
        if "saving_verified" not in fields or "verified_at" not in fields:
            return None
        sums = []
        for which in ("now", "before"):
            ((total, count),) = self.env["sqms.improvement"].sudo()._read_group(
                [("company_id", "=", period.company.id), ("state", "=", "verified"),
                 *self._review_between("sqms.improvement", "verified_at", which, period)],
                [], ["saving_verified:sum", "__count"],
            )  # fmt: skip
            sums.append((round(total or 0.0, 2), count))
        (now, n), (before, n_before) = sums
        return self._review_figure(
            "savings", self.env._("Savings verified"), now if n else None, unit="money", n=n,
            before=before if n_before else None, n_before=n_before, better="higher",
            note=self.env._("%s verified", n),
        )  # fmt: skip
