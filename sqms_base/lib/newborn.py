"""Records that this transaction has made: nobody else can see them yet, so nobody needs to be waited for."""

KEY = "sqms.newborn"


def note_newborn(records):
    """Remember that these records were made in the transaction at hand, until that is flushed or ends.

    >>> from types import SimpleNamespace as Some
    >>> env = Some(cr=Some(precommit=Some(data={})))
    >>> made, other = (Some(env=env, _name="sqms.visit", ids=ids) for ids in ([1, 2], [2, 3]))
    >>> note_newborn(made)
    >>> are_newborn(made), are_newborn(other)
    (True, False)
    """
    born = records.env.cr.precommit.data.setdefault(KEY, {})
    born.setdefault(records._name, set()).update(records.ids)


def are_newborn(records):
    """Whether all of these records are known to be younger than their transaction.

    :return: False where it is not known: then somebody else may hold them
    """
    return set(records.ids) <= records.env.cr.precommit.data.get(KEY, {}).get(records._name, set())
