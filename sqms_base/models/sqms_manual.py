from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

from ..lib.manual_text import keep_headings, lower_headings, split_chapters
from .sqms_document import SEES_COVERAGE


class SqmsManual(models.AbstractModel):
    """The quality manual, made from what the system holds at this moment.

    1. Its own words (scope, context, how it is meant) stand in the document of type “manual”. The edition of it that
       is in force gives the manual its number, edition, approval and signatures; without one the manual is not
       approved, and says so on every page.
    2. Of these words, what stands before the second main heading is the scope, the rest is the context.
    3. All other chapters are read from the records when the manual is opened, with the rights of the reader: it shows
       nobody what he may not open otherwise. Names of people in charge are shown to all who read the manual.
    4. A chapter belongs to the addon that holds its records: `_manual_sections`.
    """

    _name = "sqms.manual"
    _description = "Quality Manual"

    # -- the manual as a whole ---------------------------------------------------

    @api.model
    def _manual(self):
        """The manual of the company at hand for the user at hand.

        :return: what page and print show: company, document, edition, state, as_of, sections
        :raise AccessError: the manual in force is not addressed to this user
        """
        company = self.env.company
        edition = self._manual_edition(company)
        now = fields.Datetime.now()
        manual = {
            "company": company.sudo(),
            "document": edition.document_id,
            "edition": edition,
            "title": edition.title or self.env._("Quality manual"),
            "in_force": edition.is_in_force,
            "is_full": self._sees_evidence(),
            "instant": now,
            "as_of": self._manual_instant(company, now),
            "note": self.env._(
                "Made from the records of the quality system as of %(instant)s. A printed copy is valid at that "
                "moment; what is in force stands in the system.",
                instant=self._manual_instant(company, now),
            ),
        }
        sections = []
        for section in sorted(self._manual_sections(), key=lambda section: section["sequence"]):
            values = section["prepare"](manual)
            if values is not None:
                sections.append({**section, "values": values, "number": len(sections) + 1})
        return {**manual, "sections": sections}

    @api.model
    def _manual_sections(self):
        """The chapters. An addon adds its own to the result of `super()`, made by `_manual_section`."""
        return [
            self._manual_section("scope", 10, self.env._("Scope"), "sqms_base.manual_scope", self._manual_scope),
            self._manual_section(
                "context", 20, self.env._("Context"), "sqms_base.manual_context", self._manual_context
            ),
            self._manual_section(
                "policy",
                30,
                self.env._("Vision, mission, values and policy"),
                "sqms_base.manual_policy",
                self._manual_policy,
            ),
            self._manual_section(
                "documents", 70, self.env._("Documents in force"), "sqms_base.manual_documents", self._manual_documents
            ),
            self._manual_section(
                "resources", 80, self.env._("Resources"), "sqms_base.manual_resources", self._manual_resources
            ),
            self._manual_section(
                "changes", 100, self.env._("Record of changes"), "sqms_base.manual_changes", self._manual_changes
            ),
        ]

    @api.model
    def _manual_section(self, key, sequence, title, template, prepare):
        """One chapter.

        :param key: a short technical word, the anchor on the page
        :param template: QWeb template for page and print alike; it finds what was prepared in `values`
        :param prepare: method that takes the manual and gives the values, or None when it is not for this reader
        """
        return {"key": key, "sequence": sequence, "title": title, "template": template, "prepare": prepare}

    @api.model
    def _manual_edition(self, company):
        """The edition of the manual in force; who prepares documents sees the one in preparation if there is none."""
        documents = self.env["sqms.document"]
        manuals = Domain("company_id", "=", company.id) & Domain("document_type", "=", "manual")
        document = documents.search(manuals & Domain("current_version_id", "!=", False), order="number, id", limit=1)
        if document:
            return document.current_version_id
        if documents.sudo().search(manuals & Domain("current_version_id", "!=", False), limit=1):
            raise AccessError(self.env._("The quality manual is addressed to other people of the company."))
        return documents.search(manuals, order="number, id", limit=1).next_version_id

    @api.model
    def _sees_evidence(self):
        """Officers, top management and certifiers see how well clauses are met; the others what holds for them."""
        return any(self.env.user.has_group(group) for group in SEES_COVERAGE.split(","))

    # -- chapters ----------------------------------------------------------------

    def _manual_scope(self, manual):
        text, _context = split_chapters(manual["edition"].content)
        sites = (
            self.env["hr.work.location"]
            .sudo()
            .search([("company_id", "=", manual["company"].id), ("location_type", "=", "office")])
        )
        return {
            "text": self._manual_text(text),
            "sites": [
                {"name": site.name, "address": ", ".join(filter(None, (site.address_id.street, site.address_id.city)))}
                for site in sites
            ],
            "exclusions": self._manual_exclusions(manual["company"]),
        }

    def _manual_exclusions(self, company):
        """What the company has declared as not applying to it, with the reason."""
        excluded = (
            self.env["sqms.obligation"]
            .sudo()
            .search([("company_id", "=", company.id), ("applicability", "=", "excluded")])
        )
        # An exclusion covers the clauses below; they are not told one by one.
        clauses = excluded.clause_id
        excluded = excluded.filtered(lambda row: row.clause_id.parent_id not in clauses)
        return [
            {
                "clause": obligation.clause_id.display_name,
                "name": obligation.clause_id.name,
                "reason": obligation.exclusion_reason,
            }
            for obligation in excluded.sorted(
                lambda row: (row.clause_id.standard_id.sequence, row.clause_id.number_key)
            )
        ]

    def _manual_context(self, manual):
        _scope, text = split_chapters(manual["edition"].content)
        return {"text": self._manual_text(text)} if text else None

    def _manual_policy(self, manual):
        editions = self._manual_in_force(manual["company"], ("vision", "mission", "values", "policy"))
        return {
            "editions": [{**row, "text": self._manual_text(edition.content, 4)} for edition, row in editions],
        }

    def _manual_documents(self, manual):
        types = dict(self.env["sqms.document"]._fields["document_type"]._description_selection(self.env))
        groups = {name: [] for name in types}
        for edition, row in self._manual_in_force(manual["company"]):
            groups[edition.document_type].append(row)
        return {"groups": [{"title": types[name], "rows": rows} for name, rows in groups.items() if rows]}

    def _manual_in_force(self, company, types=None):
        """`[(edition, row)]` of the documents in force that the user may read, by type and number."""
        editions = self.env["sqms.document.version"].search(
            Domain("company_id", "=", company.id)
            & self.env["sqms.document.version"]._in_force_domain(fields.Datetime.now())
            & (Domain("document_id.document_type", "in", types) if types else Domain.TRUE)
        )
        order = list(dict(self.env["sqms.document"]._fields["document_type"].selection))
        editions = editions.sorted(lambda row: (order.index(row.document_type), row.number or "", row.id))
        return [(edition, self._manual_document_row(edition)) for edition in editions.sudo()]

    def _manual_document_row(self, edition):
        return {
            "number": edition.number,
            "title": edition.title,
            "edition": edition.edition,
            "since": format_date(self.env, edition.date_effective, date_format="medium"),
            "owner": edition.owner_id.name,
            "facts": self.env._(
                "%(number)s, edition %(edition)s, in force since %(date)s",
                number=edition.number,
                edition=edition.edition,
                date=format_date(self.env, edition.date_effective, date_format="medium"),
            ),
            "link": f"/quality/document/{edition.document_id.id}",
        }

    def _manual_resources(self, manual):
        """Who is there and with what: departments and equipment, as figures."""
        company = manual["company"]
        people = self.env["hr.employee"].sudo()
        heads = dict(people._read_group([("company_id", "=", company.id)], ["department_id"], ["__count"]))
        departments = self.env["hr.department"].sudo().search([("company_id", "=", company.id)])
        equipment = self.env["maintenance.equipment"].sudo()
        counts = dict(equipment._read_group([("company_id", "=", company.id)], ["category_id"], ["__count"]))
        return {
            "departments": [
                {
                    "name": department.complete_name,
                    "manager": department.manager_id.name,
                    "people": heads.get(department, 0),
                }
                for department in departments.sorted("complete_name")
            ],
            "equipment": [
                {
                    "name": category.name or self.env._("Without category"),
                    "responsible": category.technician_user_id.name,
                    "count": count,
                }
                for category, count in sorted(counts.items(), key=lambda item: item[0].name or "~")
            ],
        }

    def _manual_changes(self, manual):
        editions = self.env["sqms.document.version"].search(
            [("document_id", "=", manual["document"].id), ("approved_at", "!=", False)], order="edition desc"
        )
        return {
            "rows": [
                {
                    "edition": edition.edition,
                    "since": format_date(self.env, edition.date_effective, date_format="medium"),
                    "change": edition.change_summary,
                    "approver": edition.approver_name,
                }
                for edition in editions
            ]
        }

    # -- words -------------------------------------------------------------------

    def _manual_text(self, source, highest=3):
        """A controlled text, sanitised when it was saved, below the heading it stands under."""
        return Markup(keep_headings(lower_headings(source, highest)))

    def _manual_instant(self, company, instant):
        zone = company.sudo()._sqms_tz()
        return self.env._(
            "%(instant)s (%(zone)s)",
            instant=format_datetime(self.env, instant, tz=zone, dt_format="medium"),
            zone=zone,
        )
