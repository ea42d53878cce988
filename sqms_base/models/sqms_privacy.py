from odoo import api, models
from odoo.tools import SQL, email_normalize

from ..lib import privacy
from ..lib.privacy import BESIDE, EMAIL, GOES_WITH, KEEP, NAME, NAMED, PART, PHONE, SOUGHT, TEXT, WHO, WORDS
from ..lib.privacy_fields import FIELDS

# After the records that they hang on.
LAST = {"mail.message": 100, "ir.attachment": 110}
HANGING = 105


class SqmsPrivacy(models.AbstractModel):
    """Where a person is in the database, found from what the models declare.

    1. A row is the person's own if it names him as its customer: by contact, by account, by address or by number.
    2. Rows that go with an own row come along: lines, messages, files. So do rows in which he is only named.
    3. One query for each kind of record and link, however many rows there are.
    """

    _name = "sqms.privacy"
    _description = "Personal Data"

    @api.model
    def _catalog(self):
        """`{model: {field: treatment}}` of the stored fields, in the order in which rows are found."""
        found = {}
        for name, model in self.env.registry.items():
            if model._abstract or model._transient or not model._auto:
                continue
            fields = self._declared(name)
            fields = {
                field: treatment
                for field, treatment in fields.items()
                if treatment != KEEP and field in model._fields and self._has_column(model._fields[field])
            }
            if fields:
                found[name] = fields
        return dict(sorted(found.items(), key=lambda item: (self._rank(item[0], found), item[0])))

    @api.model
    def _declared(self, name):
        """`{field: treatment}` of one model: what its own classes say wins over what is said for it here."""
        return {**FIELDS.get(name, self._companion(name)), **privacy.declared(self.env.registry[name])}

    @api.model
    def _companion(self, name):
        """Whatever other programs hang on any record by model and id, such as ratings: their texts go with it."""
        model = self.env.registry[name]
        hangs = model._fields.get("res_id")
        if name.startswith(("ir.", "sqms.")) or hangs is None or not hangs.store or hangs.type != "many2one_reference":
            return {}
        texts = {
            field.name: WORDS
            for field in model._fields.values()
            if field.store and field.type in ("text", "html") and not field.compute
        }
        if not texts:
            return {}
        # What the record was called, copied beside it.
        texts |= {name: TEXT for name in ("res_name", "parent_res_name") if name in model._fields}
        partner = model._fields.get("partner_id")
        return {"res_id": BESIDE, **texts, **({"partner_id": WHO} if partner is not None and partner.store else {})}

    @api.model
    def _has_column(self, field):
        return field.store and (bool(field.column_type) or field.type == "many2many")

    def _rank(self, name, catalog, seen=()):
        """Records come after those that they go with."""
        if name in LAST:
            return LAST[name]
        if any(self.env[name]._fields[field].type == "many2one_reference" for field in catalog[name]):
            return HANGING
        parents = [
            self.env[name]._fields[field].comodel_name
            for field, treatment in catalog[name].items()
            if treatment in GOES_WITH and self.env[name]._fields[field].type == "many2one"
        ]
        ranks = [self._rank(parent, catalog, (*seen, name)) for parent in parents if parent in catalog
                 and parent not in seen]  # fmt: skip
        return max(ranks, default=-1) + 1

    # -- marking -----------------------------------------------------------------

    def _begin(self, roots):
        """
        :param roots: [(number, pattern for the rows found, pattern for the whole ledger, ids of contacts,
            whether links to contacts are cut)]
        """
        self.env.flush_all()
        self.env.cr.execute(
            """
            CREATE TEMPORARY TABLE IF NOT EXISTS sqms_privacy_root (
                root integer PRIMARY KEY, pattern text NOT NULL, everywhere text NOT NULL,
                partners integer[] NOT NULL, cut boolean NOT NULL
            ) ON COMMIT DROP;
            CREATE TEMPORARY TABLE IF NOT EXISTS sqms_privacy_row (
                model text, id integer, root integer, own boolean, PRIMARY KEY (model, id)
            ) ON COMMIT DROP;
            TRUNCATE sqms_privacy_root, sqms_privacy_row;
            """
        )
        for start in range(0, len(roots), 1000):
            rows = SQL(", ").join(
                SQL("(%s, %s, %s, %s::integer[], %s)", root, pattern, everywhere, list(partners), cut)
                for root, pattern, everywhere, partners, cut in roots[start : start + 1000]
            )
            self.env.cr.execute(SQL("INSERT INTO sqms_privacy_root VALUES %s", rows))

    @api.model
    def _mark_person(self, person, by_name=False, name_everywhere=False, leave=()):
        """Find what there is of one person.

        :param by_name: rows that carry exactly his name, and no contact, are his too
        :param name_everywhere: look for the name in all texts; addresses and numbers are always looked for
        :param leave: models that stay out
        """
        everywhere = person.pattern(names=name_everywhere)
        self._begin([(0, person.pattern(), everywhere, person.partners, False)])
        seek = {
            "emails": privacy.person_pattern(emails=person.emails),
            "phones": [privacy.digits(phone) for phone in person.phones if privacy.digits(phone)],
            "names": [" ".join(name.lower().split()) for name in person.names] if by_name else [],
            "texts": everywhere,
        }
        for name, fields in self._catalog().items():
            if name in leave:
                continue
            own, named = self._conditions(name, fields, person, seek)
            if own or named:
                self._insert(
                    name,
                    SQL("0"),
                    SQL("COALESCE(%s, FALSE)", SQL(" OR ").join(own)) if own else SQL("FALSE"),
                    SQL("WHERE %s", SQL(" OR ").join([*own, *named])),
                )
            self._follow(name, fields)
        self._follow_files(leave)
        self._learn(person)

    def _learn(self, person):
        """Other names, addresses and numbers that stand on the person's own rows: texts beside them say them too."""
        kinds = {NAME: "names", EMAIL: "emails", PHONE: "phones"}
        found = self._found()
        parts = [
            SQL(
                "SELECT %s AS kind, t.%s AS said FROM %s t JOIN sqms_privacy_row r ON r.model = %s AND r.id = t.id"
                " WHERE r.own AND t.%s IS NOT NULL",
                kinds[treatment], SQL.identifier(field), SQL.identifier(self.env[name]._table), name,
                SQL.identifier(field),
            )
            for name, fields in self._catalog().items()
            for field, treatment in fields.items()
            if treatment in kinds and name in found and found[name][0]
        ]  # fmt: skip
        if not parts:
            return
        self.env.cr.execute(
            SQL("SELECT DISTINCT kind, said::text FROM (%s) known LIMIT 500", SQL(" UNION ").join(parts))
        )
        known = {kind: list(getattr(person, kind)) for kind in kinds.values()}
        for kind, said in self.env.cr.fetchall():
            known[kind].append(email_normalize(said, strict=False) or "" if kind == "emails" else said)
        self.env.cr.execute(SQL("UPDATE sqms_privacy_root SET pattern = %s", privacy.Person(**known).pattern()))

    @api.model
    def _mark_own(self, request, leave=()):
        """The request goes the way of what it asks for, with all that was written beside it."""
        self.env.cr.execute(
            SQL(
                "INSERT INTO sqms_privacy_row VALUES (%s, %s, 0, TRUE)"
                " ON CONFLICT (model, id) DO UPDATE SET own = TRUE",
                request._name,
                request.id,
            )
        )
        catalog = self._catalog()
        for name in ("mail.message", "mail.tracking.value", "mail.activity", "ir.attachment"):
            if name not in leave:
                self._follow(name, catalog[name])

    @api.model
    def _mark_records(self, records, people):
        """Find what goes with some records: each of them, with the person that it is about.

        :param people: `{record id: Person}`
        """
        self._begin([(id_, people[id_].pattern(), privacy.NEVER, people[id_].partners, True) for id_ in records.ids])
        self.env.cr.execute(
            SQL("INSERT INTO sqms_privacy_row SELECT %s, root, root, TRUE FROM sqms_privacy_root", records._name)
        )
        for name, fields in self._catalog().items():
            self._follow(name, fields)
        self._follow_files()

    def _conditions(self, name, fields, person, seek):
        model, own, named = self.env[name], [], []
        if name == "res.partner":
            own.append(SQL("t.id = ANY(%s)", list(person.partners)))
            return own, named
        for field_name, treatment in fields.items():
            column, field = SQL.identifier("t", field_name), model._fields[field_name]
            if field.type == "many2many":
                continue
            if treatment in (WHO, NAMED):
                ids = {"res.partner": person.partners, "res.users": person.users}.get(field.comodel_name)
                if ids:
                    (own if treatment == WHO else named).append(SQL("%s = ANY(%s)", column, list(ids)))
            elif treatment == EMAIL and seek["emails"] != privacy.NEVER:
                own.append(SQL("%s ~* %s", column, seek["emails"]))
            elif treatment == PHONE and seek["phones"]:
                # As `lib.privacy.digits`: the last eleven.
                bare = SQL(r"right(ltrim(regexp_replace(%s, '\D', '', 'g'), '0'), 11)", column)
                own.append(SQL("%s = ANY(%s)", bare, seek["phones"]))
            elif treatment == NAME and seek["names"] and not field.translate:
                own.append(SQL(r"regexp_replace(lower(btrim(%s)), '\s+', ' ', 'g') = ANY(%s)", column, seek["names"]))
            elif treatment in SOUGHT and seek["texts"] != privacy.NEVER:
                named.append(SQL("%s::text ~* %s", column, seek["texts"]))
        return own, named

    def _follow(self, name, fields):
        """Rows that go with rows found already."""
        model = self.env[name]
        for field_name, treatment in fields.items():
            if treatment not in GOES_WITH:
                continue
            field = model._fields[field_name]
            if field.type == "many2one_reference":
                parent = SQL.identifier("t", field.model_field)
            else:
                parent = SQL("%s", field.comodel_name)
            self._insert(
                name,
                SQL("r.root"),
                SQL("r.own") if treatment == PART else self._is_own(fields),
                SQL(
                    "JOIN sqms_privacy_row r ON r.model = %s AND r.id = %s JOIN sqms_privacy_root p ON p.root = r.root",
                    parent,
                    SQL.identifier("t", field_name),
                ),
            )

    def _is_own(self, fields):
        """Beside an own row, a row is the person's if it says so, or if it names nobody at all."""
        who = [SQL.identifier("t", name) for name, treatment in fields.items() if treatment == WHO]
        mail = [SQL.identifier("t", name) for name, treatment in fields.items() if treatment == EMAIL]
        if not who:
            return SQL("FALSE")
        says = [SQL("%s = ANY(p.partners)", column) for column in who]
        says += [SQL("%s ~* p.pattern", column) for column in mail]
        nobody = SQL(" AND ").join(SQL("%s IS NULL", column) for column in who)
        return SQL("r.own AND COALESCE(%s OR (%s), FALSE)", SQL(" OR ").join(says), nobody)

    def _follow_files(self, leave=()):
        """The files that the person's own messages carry, wherever they hang."""
        if "ir.attachment" not in leave:
            self._insert(
                "ir.attachment",
                SQL("r.root"),
                SQL("TRUE"),
                SQL(
                    "JOIN message_attachment_rel m ON m.attachment_id = t.id"
                    " JOIN sqms_privacy_row r ON r.model = 'mail.message' AND r.id = m.message_id AND r.own"
                ),
            )

    def _insert(self, name, root, own, rest):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO sqms_privacy_row (model, id, root, own)
                SELECT %(name)s, t.id, min(%(root)s), bool_or(%(own)s) FROM %(table)s t %(rest)s GROUP BY t.id
                ON CONFLICT (model, id) DO UPDATE SET own = sqms_privacy_row.own OR excluded.own
                """,
                name=name, root=root, own=own, table=SQL.identifier(self.env[name]._table), rest=rest,
            )
        )  # fmt: skip

    # -- what was found -------------------------------------------------------------

    @api.model
    def _found(self):
        """`{model: (own rows, rows that name the person)}`"""
        self.env.cr.execute(
            "SELECT model, count(*) FILTER (WHERE own), count(*) FILTER (WHERE NOT own) FROM sqms_privacy_row"
            " GROUP BY model ORDER BY model"
        )
        return {name: (own, named) for name, own, named in self.env.cr.fetchall()}

    @api.model
    def _found_ids(self, own=True):
        """`{model: ids}`"""
        self.env.cr.execute(
            SQL("SELECT model, array_agg(id ORDER BY id) FROM sqms_privacy_row WHERE own OR NOT %s GROUP BY model", own)
        )
        return dict(self.env.cr.fetchall())

    @api.model
    def _found_companies(self):
        """Ids of the companies whose records are among them."""
        parts = [
            SQL(
                "SELECT t.company_id FROM %s t JOIN sqms_privacy_row r ON r.model = %s AND r.id = t.id",
                SQL.identifier(self.env[name]._table),
                name,
            )
            for name in self._found()
            if name in self.env and "company_id" in self.env[name]._fields
            and self.env[name]._fields["company_id"].store
        ]  # fmt: skip
        if not parts:
            return set()
        self.env.cr.execute(SQL(" UNION ").join(parts))
        return {id_ for (id_,) in self.env.cr.fetchall() if id_}
