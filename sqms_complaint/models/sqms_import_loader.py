from markupsafe import Markup

from odoo.exceptions import UserError
from odoo.tools import SQL, LazyTranslate, plaintext2html

from odoo.addons.sqms_base.lib.workflow_pass import workflow_import

from ..lib.cells import fold
from ..lib.row_mapping import CLOSING_STATES
from .helpdesk_ticket_import import importing

_lt = LazyTranslate(__name__)

# target of the profile -> field, where the value goes as it is
PLAIN_FIELDS = {
    "received_at": "complaint_received_at",
    "event_date": "complaint_event_date",
    "service": "complaint_service",
    "wish": "complaint_wish",
    "decision": "complaint_decision",
    "outcome": "complaint_outcome",
    "customer_name": "partner_name",
    "customer_email": "partner_email",
    "customer_phone": "complaint_phone",
    "external_ref": "complaint_external_ref",
    "severity": "complaint_severity",
    "impact": "complaint_impact",
    "root_cause": "complaint_root_cause",
    "close_reason": "complaint_close_reason",
    "order_ref": "complaint_order_ref",
    "lot_ref": "complaint_lot_ref",
    "site": "complaint_site",
    "amount": "complaint_amount",
    "loss_amount": "complaint_loss_amount",
    "regulator_ref": "complaint_regulator_ref",
}
# No mail, no follower, no tracking: the people of old complaints are not written to again.
SILENT = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notify_force_send": False,
}


class Loader:
    """Turns mapped rows into complaints, a batch at a time.

    1. Names are looked up in all languages at once; missing ones are made if the profile allows it.
    2. Complaints are made by the ORM with the rights of the person who imports.
    3. A row that the system refuses does not take its neighbours with it.
    """

    def __init__(self, run):
        self.run = run
        self.profile = run.profile_id
        self.env = run.env
        self.categories = self._read_names("sqms_complaint_category", "parent_id")
        self.channels = self._read_names("helpdesk_ticket_channel", "NULL::integer")
        self.new_categories = {}
        self.new_channels = {}

    def _read_names(self, table, parent):
        """`{(parent, folded name): id}` over all languages and archived ones, of the company and of everybody."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT id, %s, array(SELECT jsonb_each_text.value FROM jsonb_each_text(name))
                     FROM %s
                    WHERE company_id IS NULL OR company_id = %s
                    ORDER BY active, id DESC""",
                SQL(parent),
                SQL.identifier(table),
                self.run.company_id.id,
            )
        )
        return {(parent_id, fold(name)): key for key, parent_id, names in rows for name in names}

    # -- names -------------------------------------------------------------

    def survey(self, values):
        """Notice which names of a row are new.

        :return: faults, where the profile does not allow new names
        """
        path = values.get("category", ())
        known = self._known_depth(path)
        if known < len(path):
            if not self.profile.create_categories:
                yield _lt("There is no category “%(name)s”.", name=" / ".join(path))
            for depth in range(known, len(path)):
                self.new_categories.setdefault(tuple(map(fold, path[: depth + 1])), path[: depth + 1])
        channel = values.get("channel")
        if channel and (None, fold(channel)) not in self.channels:
            if not self.profile.create_channels:
                yield _lt("There is no channel “%(name)s”.", name=channel)
            self.new_channels.setdefault(fold(channel), channel)

    def _known_depth(self, path):
        parent = None
        for depth, name in enumerate(path):
            parent = self.categories.get((parent, fold(name)))
            if not parent:
                return depth
        return len(path)

    def _category_id(self, path):
        parent = None
        for name in path:
            key = (parent, fold(name))
            if key not in self.categories:
                self.categories[key] = (
                    self.env["sqms.complaint.category"]
                    .create({"name": name, "parent_id": parent, "company_id": self.run.company_id.id})
                    .id
                )
            parent = self.categories[key]
        return parent

    def _channel_id(self, name):
        if not name:
            return self.profile.channel_id.id
        key = (None, fold(name))
        if key not in self.channels:
            # Channels belong to helpdesk managers; whoever may import may add a name, nothing else.
            channel = self.env["helpdesk.ticket.channel"].sudo()
            self.channels[key] = channel.create({"name": name, "company_id": self.run.company_id.id}).id
        return self.channels[key]

    # -- complaints --------------------------------------------------------

    def load(self, rows):
        """Create the complaints of these rows.

        :param rows: list of (Mapped, key)
        :return: (number created, [(Mapped, sentence)] of those that the system refused)
        """
        prepared = [(mapped, self._prepare_values(mapped, key)) for mapped, key in rows]
        return self._load_prepared(prepared)

    def _load_prepared(self, prepared):
        if not prepared:
            return 0, []
        try:
            with self.env.cr.savepoint():
                self._create_complaints(prepared)
        except UserError as error:
            self.env.invalidate_all()
            if len(prepared) == 1:
                return 0, [(prepared[0][0], str(error.args[0] if error.args else error))]
        else:
            return len(prepared), []
        middle = len(prepared) // 2
        first, second = self._load_prepared(prepared[:middle]), self._load_prepared(prepared[middle:])
        return first[0] + second[0], first[1] + second[1]

    def _create_complaints(self, prepared):
        Ticket = self.env["helpdesk.ticket"].with_context(**SILENT)
        reason = self.env._("Imported from “%(file)s”.", file=self.run.file_name)
        with importing():
            tickets = Ticket.create([dict(vals) for _mapped, vals in prepared])
            with workflow_import(tickets, reason):
                self._set_states(tickets, [mapped.values for mapped, _vals in prepared])

    def _set_states(self, tickets, rows):
        """Let the complaints arrive in their state, with the day they were closed where the file knows it."""
        by_state, by_day = {}, {}
        for ticket, values in zip(tickets, rows, strict=True):
            by_state.setdefault(values["state"], []).append(ticket.id)
            if values["state"] in CLOSING_STATES:
                by_day.setdefault(values.get("closed_at", False), []).append(ticket.id)
        for state, ids in by_state.items():
            if state != "received":
                tickets.browse(ids).write({"complaint_state": state})
        second = [ticket.id for ticket, values in zip(tickets, rows, strict=True) if values.get("level") == "2"]
        if second:
            tickets.browse(second).write({"complaint_level": "2"})
        for day, ids in by_day.items():
            tickets.browse(ids).write({"complaint_closed_at": day, "closed_date": day})

    def _prepare_values(self, mapped, key):
        values = mapped.values
        path = values.get("category", ())
        texts = {field: values.get(target, False) for target, field in PLAIN_FIELDS.items()}
        contact = "email" if values.get("customer_email") else "phone" if values.get("customer_phone") else False
        return {
            **texts,
            "is_complaint": True,
            "name": values.get("title") or (path[-1] if path else self.env._("Complaint")),
            "description": self._html(values.get("description") or " / ".join(path) or values.get("title")),
            "complaint_answer": self._html(values["answer"]) if values.get("answer") else False,
            "complaint_reason": self._html(values["reason"]) if values.get("reason") else False,
            "complaint_category_id": self._category_id(path) or False,
            "complaint_contact": contact,
            "channel_id": self._channel_id(values.get("channel")) or False,
            "company_id": self.run.company_id.id,
            "team_id": self.profile.team_id.id or False,
            "user_id": False,
            "partner_id": False,
            "complaint_import_key": key,
            "complaint_import_run_id": self.run.id,
            "complaint_import_line": mapped.line,
            "complaint_import_data": mapped.kept or False,
        }

    def _html(self, text):
        """Text of a file as text: what looks like HTML in it is shown, not obeyed."""
        return plaintext2html(text) if text else Markup("<p>%s</p>") % self.env._("The file has no text for it.")
