from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_amount

from ..lib.cause_svg import printed
from ..lib.local_time import local_day
from .sqms_action import LASTING
from .sqms_quality_cost import BOOKED

AT_ONCE = ("containment", "correction")
SHEET = (850, 1050)  # so wide and high may a drawing be on a sheet, in pixels of the printer
FISH_MOST = 6  # causes on a bone; all of them stand in the table
SIMILAR_MOST = 20


class SqmsNonconformity8d(models.Model):
    """The eight disciplines of a nonconformity on paper: what a customer or an auditor gets.

    1. Every discipline is there from the first day; what is not known yet says so.
    2. It shows what its reader may read. What he may not read is counted, not named.
    3. Until the nonconformity is closed every page is marked.
    """

    _inherit = "sqms.nonconformity"

    def _eight_d_pdf(self):
        """The report in the language and with the rights of the user."""
        self.ensure_one()
        self.check_access("read")
        report = self._eight_d_values()
        return self.env["sqms.print"]._render(
            "sqms_base.nonconformity_8d_print",
            {"nc": self, "report": report},
            stamp=self._eight_d_stamp(),
            headings=report["headings"],
        )

    def _eight_d_stamp(self):
        day = self._signature_day(local_day(fields.Datetime.now(), self._signature_zone()))
        rows = [row for row in self.signature_rows or [] if row.get("id")]
        signed = " · ".join(
            self.env._("%(meaning)s: %(name)s, %(when)s", meaning=row["label"], name=row["name"], when=row["when"])
            + ("" if row["state"] == "valid" else f" ({self.env._('VOID')})")
            for row in rows
        )
        digests = [row["short"] for row in rows if row["state"] == "valid"]
        return {
            "watermark": {"closed": "", "dismissed": self.env._("DISMISSED")}.get(self.state, self.env._("NOT CLOSED")),
            "head": [
                (self.name or "", self.number or ""),
                (
                    self.company_id.sudo().name,
                    " · ".join((self.env._("8D report"), self._workflow_state_label())),
                ),
            ],
            "foot": [
                (signed or self.env._("not signed"), ""),
                (
                    self.env._("As on %(date)s, for %(name)s.", date=day, name=self.env.user.name),
                    digests[-1] if digests else "",
                ),
            ],
        }

    # -- content ------------------------------------------------------------------

    def _eight_d_values(self):
        """Everything that the page says, read with the rights of the user."""
        self.ensure_one()
        causes = self.cause_ids._filtered_access("read")
        actions = self.action_ids._filtered_access("read")
        hidden = self.sudo().action_ids - actions.sudo()
        at_once = actions.filtered(lambda action: action.kind in AT_ONCE and action.state != "cancelled")
        lasting = actions.filtered(lambda action: action.kind in LASTING and action.state != "cancelled")
        documents = self._eight_d_documents(actions)
        trees, fish, is_too_large = self._eight_d_drawings(causes)
        return {
            "status": self._workflow_state_label(),
            "team": self._eight_d_team(actions),
            "problem": self._eight_d_problem(),
            "contained": self._eight_d_contained(),
            "at_once": [self._eight_d_action(action) for action in at_once],
            "trees": trees,
            "fish": fish,
            "is_too_large": is_too_large,
            "causes": self._eight_d_causes(causes),
            "lasting": [self._eight_d_action(action) for action in lasting],
            "hidden": len(hidden),
            "documents": documents,
            "similar": self._eight_d_similar(causes),
            "costs": self._eight_d_costs(),
            "open_gates": self._eight_d_gates(),
            "closed": self.closed_at and self._signature_time(self.closed_at, self._signature_zone()),
            "headings": [(2, words) for words in self._eight_d_headings().values()],
            "titles": self._eight_d_headings(),
        }

    def _eight_d_headings(self):
        return {
            "d1": self.env._("D1 Team"),
            "d2": self.env._("D2 Problem"),
            "d3": self.env._("D3 Containment"),
            "d4": self.env._("D4 Root Causes"),
            "d5": self.env._("D5 Corrective Actions Chosen"),
            "d6": self.env._("D6 Corrective Actions Carried Out"),
            "d7": self.env._("D7 Prevention"),
            "d8": self.env._("D8 Closure"),
        }

    def _eight_d_team(self, actions):
        """Who took part, and as what: `[(name, job, role), ...]`."""
        people = {}

        def add(user, role):
            if user and role not in people.setdefault(user, []):
                people[user].append(role)

        record = self.sudo()
        add(record.owner_id, self.env._("owner"))
        add(record.author_id, self.env._("found it"))
        add(record.process_id.owner_id, self.env._("owner of the process"))
        add(record.escalated_to_id, self.env._("escalated to"))
        for action in actions.sudo():
            add(action.owner_id, self.env._("action %s", action.number or action.name))
            add(action.verified_by_id, self.env._("verification"))
            add(action.checked_by_id, self.env._("check of the effect"))
        add(record.closed_by_id, self.env._("closure"))
        return [
            (user.name, user.sudo().employee_id.job_title or "", ", ".join(roles)) for user, roles in people.items()
        ]

    def _eight_d_problem(self):
        """`[(label, value), ...]`."""
        label = {name: self._fields[name]._description_string(self.env) for name in ("grade", "place", "kind")}
        return [
            (label["place"], self.place),
            (self.env._("Process"), self.sudo().process_id.display_name),
            (self.env._("Found"), self.found_words),
            (label["grade"], self._eight_d_choice(self, "grade")),
            (label["kind"], self._eight_d_choice(self, "kind")),
            *([(self.env._("Source"), self.source_words)] if self.source_words else []),
            (self.env._("Recurrence"), self.recurrence_words or self.env._("not known to have happened before")),
        ]

    def _eight_d_choice(self, record, name):
        return dict(record._fields[name]._description_selection(self.env)).get(record[name], "")

    def _eight_d_contained(self):
        return [
            (self.env._("Contained"), self.contained_words),
            (self.env._("What Was Done at Once"), self.containment),
            (self.env._("Disposition"), self._eight_d_choice(self, "disposition")),
            (self.env._("Authorised By"), self.sudo().authorised_by_id.name),
        ][: 4 if self.disposition in ("concession", "as_is") else 3]

    def _eight_d_drawings(self, causes):
        """`(trees, fishbone, whether something did not fit on a sheet)`."""
        if not causes:
            return [], "", False
        problem = self.problem_words
        trees = [printed(svg, *SHEET) for svg in causes._draw_tree(problem)]
        fish = printed(causes._draw_fish(causes._nodes(), problem, most=FISH_MOST), *SHEET)
        # Every word in them is escaped where they are drawn.
        return [Markup(svg) for svg in trees if svg], Markup(fish), not all([*trees, fish])

    def _eight_d_causes(self, causes):
        verdicts = dict(causes._fields["verdict"]._description_selection(self.env))
        levels = causes._levels()
        bones = {node["id"]: node["bone"] for node in causes._nodes()}
        by_id = {cause.id: cause for cause in causes}
        return [
            {
                "level": level,
                "name": by_id[id_].name,
                "bone": bones[id_],
                "kind": by_id[id_].type_id.sudo().name or "",
                "verdict": verdicts[by_id[id_].verdict] if by_id[id_].verdict != "open" else "",
                "is_root": by_id[id_].verdict == "root",
                "proof": (by_id[id_].ruled_out_reason if by_id[id_].verdict == "ruled_out" else by_id[id_].evidence)
                or "",
            }
            for id_, level in levels.items()
        ]

    def _eight_d_action(self, action):
        known = action.sudo()
        done = known.done_at and f"{self._eight_d_day(known.done_at)}, {known.done_by_id.name or ''}"
        verified = known.verified_at and f"{known.verified_by_id.name or ''}, {self._eight_d_day(known.verified_at)}"
        checked = known.checked_at and f"{self._eight_d_day(known.checked_at)}, {known.checked_by_id.name or ''}"
        return {
            "number": action.number or "",
            "name": action.name,
            "kind": self._eight_d_choice(action, "kind"),
            "state": action._workflow_state_label(),
            "owner": known.owner_id.name or "",
            "due": self._signature_day(action.date_due) if action.date_due else "",
            "causes": ", ".join(action.cause_ids._filtered_access("read").mapped("name")),
            "criterion": action.criterion_label or "",
            "evidence": action.evidence or "",
            "files": ", ".join(action.evidence_file_ids._filtered_access("read").mapped("name")),
            "done": done or "",
            "verified": verified or "",
            "checked": checked or "",
            "effect": action.effect_result or "",
            "cycle": action.cycle,
        }

    def _eight_d_day(self, instant):
        return self._signature_day(local_day(instant, self._signature_zone()))

    def _eight_d_documents(self, actions):
        """Editions that the actions bring, with how many have read them."""
        versions = actions.version_ids._filtered_access("read")
        return [
            {
                "number": version.number or "",
                "title": version.title or "",
                "edition": version.edition,
                "status": version._print_status()[0],
            }
            for version in versions
        ]

    def _eight_d_similar(self, causes):
        """Other nonconformities with a root cause of the same kind, which the reader may read."""
        kinds = causes.filtered(lambda cause: cause.verdict == "root").type_id
        if not kinds:
            return []
        found = self.search(
            [
                ("id", "!=", self.id),
                ("company_id", "=", self.company_id.id),
                ("state", "!=", "dismissed"),
                ("cause_ids", "any", [("verdict", "=", "root"), ("type_id", "in", kinds.ids)]),
            ],
            limit=SIMILAR_MOST,
        )
        return [
            {
                "number": other.number or "",
                "name": other.name,
                "day": self._eight_d_day(other.found_at),
                "state": other._workflow_state_label(),
            }
            for other in found
        ]

    def _eight_d_costs(self):
        """`None` for who may not know; else rows by category and the sum, of what is booked as in `cost_total`."""
        cost = self.env["sqms.quality.cost"]
        if not cost.has_access("read"):
            return None
        rows = cost._read_group(
            [("nonconformity_id", "=", self.id), ("state", "in", BOOKED)],
            ["category"],
            ["amount_company:sum", "__count"],
        )
        labels = dict(cost._fields["category"]._description_selection(self.env))
        return {
            "rows": [
                (labels[category], count, format_amount(self.env, amount, self.cost_currency_id))
                for category, amount, count in rows
            ],
            "total": format_amount(self.env, self.cost_total, self.cost_currency_id),
        }

    def _eight_d_gates(self):
        """What still holds closure, in whole sentences that name nothing the reader may not read."""
        if self.state in ("closed", "dismissed"):
            return []
        return [
            gate["text"]
            for gate in self._closing_gates()
            if gate["open"] and gate["source"].with_env(self.env)._filtered_access("read")
        ]
