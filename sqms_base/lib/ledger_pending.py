"""What has been changed in a transaction and is not in the ledger yet.

It lives with the hooks that run before the commit: a rollback to a savepoint takes both away.
"""

KEY = "sqms.ledger"


class Change:
    """What a record was before; whether it was there at all; who is at work on it."""

    __slots__ = ("company", "image", "is_created", "su", "user")

    def __init__(self, user, su):
        self.image = {}
        self.is_created = False
        self.company = None
        self.user, self.su = user, su


class Pending:
    def __init__(self):
        self._changes = {}  # model -> id -> Change
        self._actors = {}  # model -> id -> (user id, as superuser)

    @classmethod
    def of(cls, env):
        """The changes that wait in the transaction of this environment."""
        pending = env.cr.precommit.data.get(KEY)
        if pending is None:
            pending = env.cr.precommit.data[KEY] = cls()
            env.cr.precommit.add(env["sqms.ledger.entry"].sudo()._finish)
        return pending

    # -- who -----------------------------------------------------------------

    def touched(self, model, ids, env):
        """A person is at work; a flush, which runs under any environment, asks this note who it was."""
        actors = self._actors.setdefault(model, {})
        uid, su = env.uid, env.su
        for id_ in ids:
            known = actors.get(id_)
            actors[id_] = (uid, su or bool(known and known[1]))

    def of_others(self, model, ids, uid):
        """Those of the records on which somebody else is at work."""
        actors = self._actors.get(model)
        return [id_ for id_ in ids if id_ in actors and actors[id_][0] != uid] if actors else []

    # -- what ----------------------------------------------------------------

    def _change(self, model, id_, env):
        changes = self._changes.setdefault(model, {})
        if id_ not in changes:
            changes[id_] = Change(*self._actors.get(model, {}).get(id_, (env.uid, env.su)))
        return changes[id_]

    def created(self, model, ids, env):
        self.touched(model, ids, env)
        for id_ in ids:
            self._change(model, id_, env).is_created = True

    def unknown(self, model, ids, names):
        """Those of the records of which the values of these fields are not remembered yet."""
        changes = self._changes.get(model, {})
        return [
            id_
            for id_ in ids
            if id_
            and (
                id_ not in changes or not (changes[id_].is_created or all(name in changes[id_].image for name in names))
            )
        ]

    def capture(self, model, id_, image, env):
        change = self._change(model, id_, env)
        for name, value in image.items():
            change.image.setdefault(name, value)

    def deleted(self, model, ids, companies):
        changes = self._changes.get(model, {})
        for id_ in ids:
            if id_ in changes:
                changes[id_].company = companies.get(id_)

    # -- the end -------------------------------------------------------------

    def take(self, model, ids=None):
        """Take the changes out, of these records or of the whole model: `{id: Change}`."""
        changes, actors = self._changes.get(model, {}), self._actors.get(model, {})
        taken = {}
        for id_ in list(changes) if ids is None else ids:
            who = actors.pop(id_, None)
            change = changes.pop(id_, None)
            if change:
                if who:
                    change.user, change.su = who
                taken[id_] = change
        return taken

    def models(self):
        return sorted(model for model, changes in self._changes.items() if changes)
