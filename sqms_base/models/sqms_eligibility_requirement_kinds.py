from odoo import models
from odoo.fields import Domain


class SqmsEligibilityRequirementKinds(models.Model):
    """The kinds of requirement that the base brings along.

    Readings and editions have their history: asked for a past day, they answer as of that day. Groups and
    the fields of a record have none: there the answer is that of today.
    """

    _inherit = "sqms.eligibility.requirement"

    # -- has read the edition in force ---------------------------------------------

    def _describe_document(self):
        return self.env._("has read “%(document)s”", document=self.document_id.display_name or "")

    def _provider_document(self, records, employees, instant):
        versions = self.document_id.sudo()._versions_at(instant)
        readings = (
            self.env["sqms.acknowledgement"]
            .sudo()
            ._read_group(
                Domain("version_id", "in", [version.id for version in versions.values()])
                & Domain("employee_id", "in", employees.ids)
                & self._read_by(instant),
                ["version_id", "employee_id"],
            )
        )
        have_read = {(version.id, employee.id) for version, employee in readings}

        def answer(requirement, record, employee):
            version = versions.get(requirement.document_id.id)
            if not version:
                return self.env._(
                    "no edition of “%(document)s” is in force", document=requirement.document_id.display_name
                )
            if (version.id, employee.id) in have_read:
                return None
            return self.env._("has not confirmed reading “%(edition)s”", edition=version.display_name)

        return answer

    def _domain_document(self, record, instant):
        version = self.document_id.sudo()._versions_at(instant).get(self.document_id.id)
        if not version:
            return Domain.FALSE
        readings = (
            self.env["sqms.acknowledgement"]
            .sudo()
            ._search(Domain("version_id", "=", version.id) & self._read_by(instant))
        )
        return Domain("id", "in", readings.subselect("employee_id"))

    def _read_by(self, instant):
        return Domain("state", "in", ("done", "carried")) & Domain("acknowledged_at", "<=", instant)

    # -- belongs to a group -----------------------------------------------------------

    def _describe_group(self):
        return self.env._("belongs to “%(group)s”", group=self.group_id.sudo().full_name or "")

    def _provider_group(self, records, employees, instant):
        groups = {employee.id: set(employee.user_id.all_group_ids.ids) for employee in employees.sudo()}

        def answer(requirement, record, employee):
            if requirement.group_id.id in groups.get(employee.id, ()):
                return None
            return self.env._("does not belong to “%(group)s”", group=requirement.group_id.sudo().full_name)

        return answer

    def _domain_group(self, record, instant):
        return Domain("user_id.all_group_ids", "in", self.group_id.ids)

    # -- is somebody else than the person on the record ---------------------------------

    def _describe_not_same(self):
        return self.env._("is not “%(person)s” of the same record", person=self._path_label())

    def _path_label(self):
        field = self._path_field()
        return field._description_string(self.env) if field is not None else self.field_path or ""

    def _looks_at_not_same(self):
        return {self.field_path.split(".")[0]}

    def _provider_not_same(self, records, employees, instant):
        known = {}

        def answer(requirement, record, employee):
            key = (requirement.id, record.id)
            if key not in known:
                known[key] = requirement._people_on(record)
            person = employee.sudo()
            himself = (person, person.user_id, person.user_id.partner_id, person.work_contact_id)
            if not known[key].isdisjoint((own._name, own.id) for own in himself if own):
                return self.env._("is “%(person)s” of the same record", person=requirement._path_label())
            return None

        return answer

    def _people_on(self, record):
        """`{(model, id)}` of whom the path leads to, employees as such whichever way they are named."""
        found = record.sudo().mapped(self.field_path)._origin
        return {(found._name.removesuffix(".public"), person_id) for person_id in found.ids}

    def _domain_not_same(self, record, instant):
        domain = Domain.TRUE
        for name, person_id in self._people_on(record) if record else ():
            if name == "hr.employee":
                same = Domain("id", "=", person_id)
            elif name == "res.users":
                same = Domain("user_id", "=", person_id)
            else:
                same = Domain("user_id.partner_id", "=", person_id) | Domain("work_contact_id", "=", person_id)
            domain &= ~same
        return domain
