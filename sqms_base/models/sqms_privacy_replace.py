from odoo import api, models
from odoo.tools import SQL

from ..lib.privacy import EMAIL, EMPTY, GOES_WITH, NAME, NAMED, PHONE, SOUGHT, UNIQUE, UNLINK, WHO, WORDS

# What an account leaves behind: table and the column that names the account.
TRACES_OF_ACCOUNT = (
    ("res_users_apikeys", "user_id"),
    ("auth_totp_device", "user_id"),
    ("res_device_log", "user_id"),
    ("auth_passkey_key", "create_uid"),
)
SECRETS_OF_ACCOUNT = ("password", "totp_secret")


class SqmsPrivacyReplace(models.AbstractModel):
    """Replaces a person in the rows that were found: one statement for each kind of record.

    1. Identity goes, figures stay: no row is added or removed where something is counted, and no date, amount,
       state or category changes.
    2. It writes below the locks of closed records and says so in the ledger of each of them.
    3. Files of the person's own records are emptied, whoever made them: a letter carries his name as well.
    4. All of it is one transaction.
    """

    _inherit = "sqms.privacy"

    @api.model
    def _replace(self, whole_words, because):
        """
        :param whole_words: the person's own words are replaced whole; otherwise names, addresses and numbers in them
        :param because: why, without naming the person: the ledger keeps it
        :return: how many rows were changed
        """
        catalog = self._catalog()
        found = self._found()
        marks = {
            "name": self.env._("Erased person"),
            "words": self.env._("[Erased at the person's request or at the end of its time]"),
            "scrub": "[…]",
        }
        self._release_mail()
        for name, fields in catalog.items():
            if name in found:
                self._replace_in(name, fields, whole_words, marks)
        self._close_accounts()
        self._empty_files(marks)
        self._clear_tracking(catalog)
        self._note_in_ledger(catalog, because)
        self.env.invalidate_all()
        return sum(own + named for own, named in found.values())

    def _replace_in(self, name, fields, whole_words, marks):
        model = self.env[name]
        changes = []
        for field_name, treatment in fields.items():
            if treatment == UNLINK:
                self._unlink_from(name, model._fields[field_name])
                continue
            value = self._replacement(model._fields[field_name], treatment, whole_words, marks)
            if value is not None:
                changes.append(SQL("%s = %s", SQL.identifier(field_name), value))
        changes += self._more_changes(name)
        if changes:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s t SET %s FROM sqms_privacy_row r JOIN sqms_privacy_root p ON p.root = r.root"
                    " WHERE r.model = %s AND r.id = t.id",
                    SQL.identifier(model._table),
                    SQL(", ").join(changes),
                    name,
                )
            )

    def _unlink_from(self, name, field):
        self.env.cr.execute(
            SQL(
                "DELETE FROM %s t USING sqms_privacy_row r WHERE r.model = %s AND r.own AND r.id = %s",
                SQL.identifier(field.relation),
                name,
                SQL.identifier("t", field.column1),
            )
        )

    def _more_changes(self, name):
        if name == "res.partner":
            return [SQL("active = FALSE")]
        retention = getattr(self.env[name], "_retention", None)
        if not retention:
            return []
        # Done once; the retention has nothing more to do here.
        erased, due = (SQL.identifier(column) for column in (retention.erased, retention.due))
        return [
            SQL("%s = CASE WHEN r.own THEN now() AT TIME ZONE 'UTC' ELSE t.%s END", erased, erased),
            SQL("%s = CASE WHEN r.own THEN NULL ELSE t.%s END", due, due),
        ]

    def _replacement(self, field, treatment, whole_words, marks):
        """The new value of a column, in SQL; None leaves it alone."""
        column = SQL.identifier("t", field.name)
        if treatment in (WHO, NAMED):
            if field.required or field.comodel_name != "res.partner":
                return None
            return SQL("CASE WHEN p.cut AND r.own THEN NULL ELSE %s END", column)
        if field.column_type[0] in ("varchar", "text", "jsonb", "json"):
            cleaned = self._cleaned(field, column, marks)
        else:
            cleaned = column
        if treatment == NAME or (treatment in (EMAIL, PHONE, EMPTY) and field.required):
            own = self._mark(field, marks["name"])
        elif treatment == UNIQUE:
            own = SQL("'erased-' || t.id")
        elif treatment in (EMAIL, PHONE, EMPTY):
            own = SQL("NULL")
        elif treatment == WORDS and whole_words:
            own = self._mark(field, marks["words"])
        elif treatment in SOUGHT:
            return cleaned
        else:
            return None
        # What is empty stays empty: nothing is said where nothing was said.
        return SQL("CASE WHEN %s IS NULL THEN NULL WHEN r.own THEN %s ELSE %s END", column, own, cleaned)

    def _mark(self, field, mark):
        if field.type == "html":
            mark = f"<p>{mark}</p>"
        if field.column_type[0] in ("jsonb", "json"):
            return SQL("jsonb_build_object('en_US', %s::text)", mark) if field.translate else SQL("NULL")
        return SQL("%s", mark)

    def _cleaned(self, field, column, marks):
        kind = field.column_type[0]
        text = SQL("regexp_replace(%s::text, p.pattern, %s, 'gi')", column, marks["scrub"])
        return SQL("(%s)::%s", text, SQL(kind)) if kind in ("jsonb", "json") else text

    # -- accounts -------------------------------------------------------------------

    def _close_accounts(self):
        """Accounts of the person let nobody in any more."""
        users = self._found_ids().get("res.users")
        if not users:
            return
        columns = self._columns("res_users")
        cleared = [SQL("%s = NULL", SQL.identifier(name)) for name in SECRETS_OF_ACCOUNT if name in columns]
        self.env.cr.execute(
            SQL("UPDATE res_users SET %s WHERE id = ANY(%s)", SQL(", ").join([SQL("active = FALSE"), *cleared]), users)
        )
        for table, column in TRACES_OF_ACCOUNT:
            if column in self._columns(table):
                self.env.cr.execute(
                    SQL("DELETE FROM %s WHERE %s = ANY(%s)", SQL.identifier(table), SQL.identifier(column), users)
                )
        self.env.registry.clear_cache()

    def _columns(self, table):
        self.env.cr.execute(
            SQL(
                "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped",
                table,
            )
        )
        return {name for (name,) in self.env.cr.fetchall()}

    # -- files ----------------------------------------------------------------------

    def _empty_files(self, marks):
        """Files keep their place in the count and lose name and content.

        The disk forgets a content when no other record has the same file: Odoo's own collector sees to that.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE ir_attachment t
                   SET name = %(name)s, description = NULL, store_fname = NULL, db_datas = NULL, checksum = NULL,
                       file_size = 0, index_content = NULL, access_token = NULL, public = FALSE,
                       url = CASE WHEN t.type = 'url' THEN NULL ELSE t.url END
                  FROM ir_attachment o, sqms_privacy_row r
                 WHERE r.model = 'ir.attachment' AND r.own AND t.id = r.id AND o.id = t.id
             RETURNING o.store_fname
                """,
                name=self.env._("Erased file"),
            )
        )
        names = {name for (name,) in self.env.cr.fetchall() if name}
        Attachment = self.env["ir.attachment"].sudo()
        for name in sorted(names):
            Attachment._file_delete(name)
        if names:
            job = self.env.ref("base.autovacuum_job", raise_if_not_found=False)
            job.sudo()._trigger() if job else None

    # -- mail -----------------------------------------------------------------------

    def _release_mail(self):
        """Queued mails to the person, notifications and subscriptions go; those to colleagues stay, cleaned.

        Before the messages are cleaned: afterwards nobody knows who wrote them.
        """
        mine = SQL(
            "FROM sqms_privacy_row r JOIN sqms_privacy_root p ON p.root = r.root"
            " WHERE r.model = 'mail.message' AND t.mail_message_id = r.id"
        )
        using = SQL(
            "USING sqms_privacy_row r JOIN sqms_privacy_root p ON p.root = r.root"
            " WHERE r.model = 'mail.message' AND t.mail_message_id = r.id"
        )
        self.env.cr.execute(
            SQL(
                """DELETE FROM mail_mail t %s AND (t.email_to ~* p.pattern OR EXISTS (
                       SELECT FROM mail_mail_res_partner_rel m
                        WHERE m.mail_mail_id = t.id AND m.res_partner_id = ANY(p.partners)))""",
                using,
            )
        )
        cleaned = SQL(", ").join(
            SQL("%s = regexp_replace(%s, p.pattern, '[…]', 'gi')", SQL.identifier(name), SQL.identifier("t", name))
            for name in ("body_html", "email_to", "email_cc", "headers", "references", "failure_reason")
        )
        self.env.cr.execute(SQL("UPDATE mail_mail t SET %s %s", cleaned, mine))
        self.env.cr.execute(SQL("DELETE FROM mail_notification t %s AND t.res_partner_id = ANY(p.partners)", using))
        self.env.cr.execute(
            SQL("UPDATE mail_notification t SET mail_email_address = NULL, failure_reason = NULL %s", mine)
        )
        # Of a person everything goes, of an old record only what hangs on it.
        self.env.cr.execute(
            """
            DELETE FROM mail_followers t USING sqms_privacy_root p
             WHERE t.partner_id = ANY(p.partners) AND (NOT p.cut OR EXISTS (
                   SELECT FROM sqms_privacy_row r
                    WHERE r.root = p.root AND r.model = t.res_model AND r.id = t.res_id))
            """
        )
        self.env.cr.execute(
            """
            DELETE FROM mail_message_res_partner_rel t USING sqms_privacy_row r
              JOIN sqms_privacy_root p ON p.root = r.root AND p.cut
             WHERE r.model = 'mail.message' AND t.mail_message_id = r.id AND t.res_partner_id = ANY(p.partners)
            """
        )

    def _clear_tracking(self, catalog):
        """What the chatter remembers of identity fields is gone; of all else it keeps the cleaned words."""
        found = self._found()
        fields = [
            self.env["ir.model.fields"]._get(name, field).id
            for name, declared in catalog.items()
            for field, treatment in declared.items()
            if treatment not in SOUGHT and name in found
        ]  # fmt: skip
        if fields:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE mail_tracking_value t
                       SET old_value_char = NULL, new_value_char = NULL, old_value_text = NULL, new_value_text = NULL,
                           old_value_integer = CASE WHEN p.cut THEN NULL ELSE t.old_value_integer END,
                           new_value_integer = CASE WHEN p.cut THEN NULL ELSE t.new_value_integer END
                      FROM mail_message m, sqms_privacy_row r
                      JOIN sqms_privacy_root p ON p.root = r.root
                     WHERE t.mail_message_id = m.id AND r.model = m.model AND r.id = m.res_id AND r.own
                       AND t.field_id = ANY(%s)
                    """,
                    fields,
                )
            )

    # -- ledger ---------------------------------------------------------------------

    def _note_in_ledger(self, catalog, because):
        """Personal values leave the ledger; each record with a history is told which fields, by an entry of its own."""
        values = self.env["sqms.ledger.value"].sudo()
        erased = {}
        for model, id_, seq, name in values._erase_found(catalog):
            erased.setdefault((model, id_), {}).setdefault(name, set()).add(seq)
        rows = []
        for model, ids in self._found_ids().items():
            if model in self.env and isinstance(self.env[model], self.env.registry["sqms.ledger.mixin"]):
                fields = sorted(name for name, treatment in catalog[model].items() if treatment not in GOES_WITH)
                for id_ in ids:
                    known = erased.setdefault((model, id_), {})
                    for field in fields:
                        known.setdefault(field, set())
        by_model = {}
        for (model, id_), positions in erased.items():
            by_model.setdefault(model, {})[id_] = positions
        for model, positions in by_model.items():
            companies = self.env[model].browse(positions)._ledger_companies() if model in self.env else {}
            rows += [
                {
                    "model": model, "id": id_, "user": self.env.uid, "su": self.env.su, "event": "erased",
                    "company": companies.get(id_), "because": because,
                    "erased": {name: sorted(seqs) for name, seqs in sorted(names.items())},
                }
                for id_, names in positions.items()
            ]  # fmt: skip
        self.env["sqms.ledger.entry"].sudo()._append(rows)
