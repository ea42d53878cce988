import gzip
import io
import json

from markupsafe import Markup

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, file_path, format_date, format_datetime

from odoo.addons.sqms_base.lib.evidence_pack import table
from odoo.addons.sqms_base.lib.print_html import self_contained

from ..lib.case_pack import CasePack, redact

VERIFIER = "sqms_base/lib/verify_ledger.py"


class SqmsComplaintPackageContent(models.AbstractModel):
    """What goes into the file of a case, read once and laid out: cover, timeline, messages, letters, files, ledger.

    It is read in superuser mode, after the officer's right to the complaint was asked. Nothing in it depends on when it
    was made: what is shown of the time that runs is shown as it stood when something last happened.
    """

    _name = "sqms.complaint.package.content"
    _description = "Content of a File Package"

    def _collect(self, package):
        """:return: (the pack, the page that leads to everything)"""
        package = package.with_env(self.env)
        ticket = package.ticket_id
        disputes = package._disputes()
        for records in (ticket, disputes, disputes.hearing_ids, ticket.remedy_ids):
            # What this transaction has changed is part of the state.
            records._ledger_close()
        case = {
            "package": package,
            "ticket": ticket,
            "disputes": disputes,
            "instead": self._names_left_out(package),
        }
        case["as_of"] = self._as_of(case)
        pack = CasePack()
        case["messages"] = self._messages(ticket, internal=False)
        case["notes"] = self._messages(ticket, internal=True) if package.with_internal else ticket.message_ids.browse()
        case["timeline"] = self._timeline(case)
        case["links"] = self._put_everything(pack, case)
        values = self._index_values(case)
        pack.entries["cover.pdf"] = self._cover(case, values)
        return pack, self._page("sqms_complaint.package_index", values, case)

    # -- whose names are left out -------------------------------------------------------

    def _names_left_out(self, package):
        """`{name or address: what stands there instead}`."""
        ticket = package.ticket_id
        if package.names == "none":
            return {}
        people = ticket.complaint_person_ids
        instead = {}
        for number, person in enumerate(people.sorted("id"), 1):
            words = self.env._("[person complained about %s]", number)
            for name in self._known_as(person):
                instead[name] = words
        if package.names == "all":
            users = self._people_of(package) - people.user_id
            for number, user in enumerate(users.sorted("id"), 1):
                words = self.env._("[colleague %s]", number)
                for name in {user.name, user.login, user.email, *self._known_as(user.employee_id)}:
                    instead.setdefault(name, words)
        return {name: words for name, words in instead.items() if name}

    def _known_as(self, employee):
        user = employee.user_id
        return {
            employee.name, employee.legal_name, employee.work_email, employee.work_phone, employee.mobile_phone,
            user.name, user.email, user.login,
        }  # fmt: skip

    def _people_of(self, package):
        """All colleagues who had a hand in the case."""
        ticket = package.ticket_id
        authors = self.env["mail.message"].search([("model", "=", ticket._name), ("res_id", "=", ticket.id)]).author_id
        entries = self._entries(ticket) | self._entries(ticket.dispute_ids)
        users = self.env["res.users"].with_context(active_test=False).browse(set(entries.mapped("user_id"))).exists()
        known = users | authors.with_context(active_test=False).user_ids | ticket.user_id | ticket.dispute_ids.user_id
        return known.filtered(lambda user: not user.share)

    # -- what happened ------------------------------------------------------------------

    def _entries(self, records):
        if not records:
            return self.env["sqms.ledger.entry"]
        return self.env["sqms.ledger.entry"].search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)], order="id"
        )

    def _as_of(self, case):
        """When something last happened in the case."""
        ticket = case["ticket"]
        moments = [ticket.create_date, *self._all_messages(ticket).mapped("date")]
        for records in (ticket, case["disputes"], ticket.remedy_ids):
            moments += self._entries(records).mapped("date")
        return max(moments)

    def _all_messages(self, ticket):
        """Without the notes that say that a package was made: otherwise each would make the next another one."""
        own = self.env["sqms.complaint.package"].search([("ticket_id", "=", ticket.id)]).note_id
        domain = Domain("model", "=", ticket._name) & Domain("res_id", "=", ticket.id) & Domain("id", "not in", own.ids)
        return self.env["mail.message"].search(domain, order="id")

    def _messages(self, ticket, internal):
        public = self.env["mail.message"].search(ticket._complaint_public_message_domain(), order="id")
        found = self._all_messages(ticket) - public if internal else public
        return found.sorted("id").filtered(lambda message: not message._is_empty() or message.tracking_value_ids)

    def _timeline(self, case):
        """`[(moment, what, more), ...]`, oldest first."""
        ticket, rows = case["ticket"], []
        rows.append((ticket.complaint_received_at, self.env._("Received"), ticket.channel_id.name or ""))
        for records in (ticket, *case["disputes"]):
            for entry in self._entries(records).filtered(lambda entry: entry.event == "transition"):
                state = records._workflow_state_label(entry.state)
                who = self.env["res.users"].browse(entry.user_id).exists().name or ""
                what = f"{records.number}: {state}"
                rows.append((entry.date, what, " · ".join(filter(None, (entry.event_label, who)))))
        for remedy in ticket.remedy_ids:
            if remedy.given_at:
                rows.append((remedy.given_at, self.env._("Remedy given"), remedy.display_name))
        for clock in ticket.clock_ids | case["disputes"].clock_ids:
            name = clock.step_id.display_name
            if clock.breached_at and clock.breached_at <= case["as_of"]:
                rows.append((clock.breached_at, self.env._("Deadline missed"), name))
            if clock.met_at:
                rows.append((clock.met_at, self.env._("Deadline ended"), name))
        for message in case["messages"]:
            rows.append((message.date, self.env._("Message"), self._author(message)))
        return sorted(rows, key=lambda row: row[0])

    def _author(self, message):
        return message.author_id.name or message.email_from or ""

    # -- what goes in -------------------------------------------------------------------

    def _put_everything(self, pack, case):
        """Put the parts into the pack: `{part: path or [(name, path), ...]}`."""
        package, ticket = case["package"], case["ticket"]
        links = {"letters": [], "files": []}
        rows = [[self._moment(at), what, more] for at, what, more in case["timeline"]]
        header = [self.env._("When"), self.env._("What"), self.env._("More")]
        links["timeline"] = pack.add("case", "timeline.csv", self._left_out(table(header, rows), case))
        links["messages"] = pack.add("messages", "public.html", self._messages_page(case, "messages"))
        if package.with_internal:
            links["notes"] = pack.add("messages", "internal.html", self._messages_page(case, "notes"))
        for letter in ticket.letter_ids.sorted("id").filtered("attachment_id"):
            path = pack.add("letters", letter.attachment_id.name, self._reader(letter.attachment_id))
            links["letters"].append((letter.attachment_id.name, path, letter.digest))
        for file in package._files():
            name = redact(file.name, case["instead"])
            links["files"].append((name, pack.add("files", name, self._reader(file)), file.file_size))
        links["ledger"] = pack.add("ledger", "ledger.jsonl.gz", self._ledger(case))
        with open(file_path(VERIFIER), "rb") as script:
            links["verifier"] = pack.add("ledger", "verify_ledger.py", script.read())
        return links

    def _reader(self, file):
        def read():
            content = file.raw or b""
            file.invalidate_recordset(["raw", "datas", "db_datas"], flush=False)
            return content

        return read

    def _left_out(self, content, case):
        return redact(content.decode(), case["instead"]).encode()

    def _messages_page(self, case, which):
        rows = [
            {
                "when": self._moment(message.date),
                "who": self._author(message),
                "body": self_contained(str(message.body or "")),
                "files": message.attachment_ids
                and self.env._("Files: %s", ", ".join(message.attachment_ids.mapped("name"))),
                "changes": self._changes(message),
            }
            for message in case[which]
        ]
        title = self.env._("Messages with the customer") if which == "messages" else self.env._("Internal messages")
        return self._page("sqms_complaint.package_messages", {"title": title, "rows": rows}, case)

    def _changes(self, message):
        return [
            f"{value['fieldInfo']['changedField']}: {value['oldValue']} → {value['newValue']}"
            for value in message.tracking_value_ids._tracking_value_format()
        ]

    def _page(self, template, values, case):
        page = self.env["ir.qweb"]._render(
            template, {"env": self.env, "language": self.env.lang, "markup": Markup, **values}
        )
        return self._left_out(f"<!DOCTYPE html>\n{page}".encode(), case)

    # -- the ledger -----------------------------------------------------------------------

    def _ledger(self, case):
        """The chains of the case in the form that `verify_ledger.py` reads; personal values are digests in it."""
        entries = self.env["sqms.ledger.entry"]
        ticket = case["ticket"]
        parts = [ticket, case["disputes"], ticket.remedy_ids, case["disputes"].hearing_ids]
        rows = []
        for records in sorted(filter(None, parts), key=lambda records: records._name):
            rows += self._exported(entries, records)
        latest = case["as_of"]
        self.env.cr.execute("SELECT number, digest FROM sqms_ledger_anchor WHERE date <= %s ORDER BY number", [latest])
        header = {
            "format": "sqms-ledger-export",
            "v": 1,
            "database": self.env["ir.config_parameter"].get_param("database.uuid"),
            "exported_at": latest.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "complete": False,
            "record": [ticket._name, ticket.id],
            "entries": len(rows),
            "anchors": [list(row) for row in self.env.cr.fetchall()],
        }
        target = io.BytesIO()
        with gzip.GzipFile(fileobj=target, mode="wb", compresslevel=6, mtime=0) as packed:
            for said in (header, *rows):
                packed.write(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        return target.getvalue()

    def _exported(self, entries, records):
        records._ledger_close()
        entries.flush_model()
        for rows in entries._exported_rows(records._name, SQL("AND res_id IN %s", tuple(records.ids))):
            yield from rows

    # -- words ----------------------------------------------------------------------------

    def _moment(self, moment):
        return (
            format_datetime(self.env, moment, tz=self.env.context["tz"], dt_format="yyyy-MM-dd HH:mm:ss")
            if moment
            else ""
        )

    def _day(self, day):
        return format_date(self.env, day) if day else ""

    def _choice(self, record, name):
        return dict(record._fields[name]._description_selection(self.env)).get(record[name], "")
