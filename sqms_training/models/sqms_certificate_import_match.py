from odoo import models
from odoo.fields import Domain

from ..lib.certificate_chain import Chains, Held
from ..lib.certificate_sheet import Formula, plain
from ..lib.sheet_date import NoDay, day_of

RANK = {"error": 0, "renews": 1, "new": 2, "known": 3, "done": 4}
# The strongest first. All that are given must lead to the same person.
PERSON = ("barcode", "email", "identification", "name")


class SqmsCertificateImportMatch(models.Model):
    """Whose certificate a row is, which, and what stands in its way.

    1. A person is found by badge, work e-mail, identification number (for HR alone) or by a name that nobody else in
       the company has. What is given must be found and lead to one person; nothing is guessed.
    2. A certificate is found by its type and name, a level by its type and name, in any language of the database.
    3. Each kind of thing is asked for once for the whole sheet.
    """

    _inherit = "sqms.certificate.import"

    def _lines_of(self, sheet):
        people, skills = self._people(sheet), self._skills()
        lines = [self._line_of(number, cells, people, skills) for number, cells in sheet.rows]
        self._judge([line for line in lines if line["state"] != "error"])
        for line in lines:
            line["rank"] = RANK[line["state"]]
            line.pop("predecessor", None)
        return lines

    # -- what there is ------------------------------------------------------------------

    def _people(self, sheet):
        """{column: {text: employees}} of the company, those who have left among them."""
        found = {column: {} for column in PERSON}
        employees = self.env["hr.employee"].sudo().with_context(active_test=False)
        mine = Domain("company_id", "=", self.company_id.id)
        for employee in employees.search_fetch(mine, ["name", "barcode", "work_email", "active"]):
            for column, text in (
                ("name", employee.name), ("barcode", employee.barcode), ("email", employee.work_email)
            ):  # fmt: skip
                if text:
                    known = found[column]
                    known[plain(text)] = known.get(plain(text), employees) | employee
        given = {str(cells["identification"]).strip() for _number, cells in sheet.rows if cells.get("identification")}
        if given and self._may_identify():
            numbers = mine & Domain("identification_id", "in", list(given))
            for employee in employees.search(numbers):
                known = found["identification"]
                key = plain(employee.identification_id)
                known[key] = known.get(key, employees) | employee
        return found

    def _skills(self):
        """Certificates and levels by their names, in every language: {name: records}, {(type id, name): level}."""
        skills, types, levels = {}, {}, {}
        for lang, _name in self.env["res.lang"].get_installed():
            rows = self.env["hr.skill"].sudo().with_context(lang=lang)
            for skill in rows.search([("skill_type_id.is_certification", "=", True)]):
                skills[plain(skill.name)] = skills.get(plain(skill.name), self.env["hr.skill"]) | skill.with_context(
                    lang=None
                )
                types.setdefault(skill.skill_type_id.id, set()).add(plain(skill.skill_type_id.name))
            for level in rows.env["hr.skill.level"].search([("skill_type_id.is_certification", "=", True)]):
                levels[level.skill_type_id.id, plain(level.name)] = level
        return skills, types, levels

    # -- one row ---------------------------------------------------------------------------

    def _line_of(self, number, cells, people, skills):
        reasons = [
            self.env._("Row %(row)s holds a formula: please paste its value.", row=number)
            for cell in cells.values()
            if isinstance(cell, Formula)
        ][:1]
        texts = {name: self._text_of(cell) for name, cell in cells.items()}
        employee = self._employee_of(texts, people, reasons)
        skill, level = self._skill_of(texts, skills, reasons)
        valid_from = self._day_of(cells, "valid_from", reasons)
        valid_to = self._day_of(cells, "valid_to", reasons)
        if not valid_from and cells.get("valid_from") in (None, ""):
            reasons.append(self.env._("the first day is missing"))
        if valid_from and valid_to and valid_to < valid_from:
            reasons.append(self.env._("it ends before it begins"))
        shown = next((texts[name] for name in ("name", "barcode", "email") if texts.get(name)), "")
        return {
            "row": number,
            "state": "error" if reasons else "new",
            "reason": "; ".join(reasons),
            "employee_text": shown,
            "skill_text": " · ".join(filter(None, (texts.get("type"), texts.get("skill"), texts.get("level")))),
            "employee_id": employee.id,
            "skill_type_id": skill.skill_type_id.id,
            "skill_id": skill.id,
            "skill_level_id": level.id,
            "external_number": texts.get("number") or False,
            "issuer": texts.get("issuer") or False,
            "valid_from": valid_from,
            "valid_to": valid_to,
        }

    def _text_of(self, cell):
        if cell is None or isinstance(cell, Formula):
            return ""
        return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()

    def _employee_of(self, texts, people, reasons):
        nobody = self.env["hr.employee"]
        given = [name for name in PERSON if texts.get(name) and (name != "identification" or self._may_identify())]
        candidates = {name: people[name].get(plain(texts[name]), nobody) for name in given}
        if not given:
            reasons.append(self.env._("it names nobody"))
            return nobody
        known = {name: found for name, found in candidates.items() if len(found) == 1}
        for name, found in candidates.items():
            if not found:
                reasons.append(self._nobody(name, texts))
            elif len(found) > 1 and (name != "name" or not known):
                reasons.append(self.env._("several people are called %s: please give badge or e-mail", texts[name]))
        if reasons and not all(candidates.values()):
            return nobody
        people_found = {found.id for found in known.values()}
        if len(people_found) > 1 or any(
            found and people_found and not people_found <= set(found.ids) for found in candidates.values()
        ):
            reasons.append(
                self.env._(
                    "it names two people: %s",
                    " / ".join(sorted({found[0].name for found in candidates.values() if found})),
                )
            )
            return nobody
        employee = next(iter(known.values()), nobody)
        if employee and not employee.active:
            reasons.append(self.env._("%s has left", employee.name))
        return employee

    def _nobody(self, name, texts):
        if name == "identification":
            return self.env._("nobody here has this identification number")
        labels = {"barcode": self.env._("badge"), "email": self.env._("work e-mail"), "name": self.env._("name")}
        return self.env._("nobody here has the %(kind)s %(text)s", kind=labels[name], text=texts[name])

    def _skill_of(self, texts, skills, reasons):
        by_name, types, levels = skills
        nothing, no_level = self.env["hr.skill"], self.env["hr.skill.level"]
        if not texts.get("skill"):
            reasons.append(self.env._("it names no certificate"))
            return nothing, no_level
        found = by_name.get(plain(texts["skill"]), nothing)
        if texts.get("type"):
            found = found.filtered(lambda skill: plain(texts["type"]) in types[skill.skill_type_id.id])
        if not found:
            reasons.append(
                self.env._("there is no certificate %s", " · ".join(filter(None, (texts.get("type"), texts["skill"]))))
            )
            return nothing, no_level
        if len(found) > 1:
            reasons.append(
                self.env._("%(skill)s stands in several types (%(types)s): please say which", skill=texts["skill"],
                           types=", ".join(found.skill_type_id.mapped("name")))
            )  # fmt: skip
            return nothing, no_level
        return found, self._level_of(texts, found.skill_type_id, levels, reasons)

    def _level_of(self, texts, skill_type, levels, reasons):
        none = self.env["hr.skill.level"]
        if texts.get("level"):
            level = levels.get((skill_type.id, plain(texts["level"])), none)
            if not level:
                reasons.append(
                    self.env._("%(type)s has no level %(level)s", type=skill_type.name, level=texts["level"])
                )
            return level
        offered = skill_type.skill_level_ids
        level = offered if len(offered) == 1 else offered.filtered("default_level")
        if len(level) != 1:
            reasons.append(self.env._("the level is missing"))
        return level[:1]

    def _day_of(self, cells, name, reasons):
        value = cells.get(name)
        if isinstance(value, Formula):
            return None
        try:
            return day_of(value, self.date_order)
        except NoDay as bad:
            words = {
                "ambiguous": self.env._("in %s, which number is the month? Say it above, or put the year first", value),
                "range": self.env._("%s lies too far away", value),
            }
            reasons.append(words.get(bad.args[0]) or self.env._("%s is no date", value))
            return None

    # -- beside what is there -----------------------------------------------------------------

    def _judge(self, lines):
        """New, renewal or there already: two queries for all. `predecessor` is what a renewal goes on from."""
        chains = Chains(self._held(lines))
        foreign = self._foreign_numbers(lines)
        for line in sorted(lines, key=lambda line: (line["valid_from"], line["row"])):
            level = self.env["hr.skill.level"].sudo().browse(line["skill_level_id"])
            held = Held(
                None, line["employee_id"], line["skill_id"], level.id, level.level_progress, line["valid_from"],
                line["valid_to"] or None, None, False, line["row"],
            )  # fmt: skip
            number = (line["skill_type_id"], plain(line["external_number"])) if line["external_number"] else None
            owners = foreign.setdefault(number, set()) if number else set()
            if owners - {line["employee_id"]}:
                line.update(
                    state="error", reason=self.env._("number %s belongs to somebody else", line["external_number"])
                )
                continue
            owners.add(line["employee_id"])
            line.update(self._verdict(*chains.add(held)))

    def _verdict(self, state, other):
        if state == "known":
            row = other.row and self.env._("the same as row %s", other.row)
            return {"state": "known", "reason": row or self.env._("it is in the register")}
        if state == "revoked":
            return {
                "state": "error",
                "reason": self.env._("it was revoked on %s: issue it again from the register", other.revoked_on),
            }
        if state == "renews":
            return {
                "state": "renews",
                "reason": self.env._("goes on from the one until %s", other.valid_to),
                "predecessor": other,
            }
        return {"state": "new", "reason": "", "predecessor": None}

    def _held(self, lines):
        """The certificates of these people for these skills."""
        rows = (
            self.env["hr.employee.skill"]
            .sudo()
            .search(
                [
                    ("employee_id", "in", list({line["employee_id"] for line in lines})),
                    ("skill_id", "in", list({line["skill_id"] for line in lines})),
                ],
                order="valid_from, id",
            )
        )
        return [
            Held(
                row.id, row.employee_id.id, row.skill_id.id, row.skill_level_id.id, row.level_progress, row.valid_from,
                row.valid_to or None, row.revoked_on or None, bool(row.renewed_by_id), None,
            )
            for row in rows
        ]  # fmt: skip

    def _foreign_numbers(self, lines):
        """{(type, number): employees}: a number of an authority belongs to one person."""
        given = [line["external_number"] for line in lines if line["external_number"]]
        found = {}
        if given:
            rows = self.env["hr.employee.skill"].sudo().search(
                [("external_number", "in", given), ("employee_id.company_id", "=", self.company_id.id),
                 ("revoked_on", "=", False)]
            )  # fmt: skip
            for row in rows:
                found.setdefault((row.skill_type_id.id, plain(row.external_number)), set()).add(row.employee_id.id)
        return found
