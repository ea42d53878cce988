"""How much an investigation must have found out before it is decided: proportionate to severity (ISO 10002, 7.6)."""

SEVERE = ("major", "critical")


def missing_evidence(severity, findings, has_proof, has_root_cause, first_contact=False):
    """What an investigation still lacks, the first thing of it.

    1. One finding at least, unless the matter was solved at first contact.
    2. What is major or critical is never solved at first contact; it has a proof, and a root cause is known.
    3. What is critical rests on two findings at least.

    :param severity: "minor", "moderate", "major", "critical", or empty while nobody has said
    :param findings: how many findings the log has
    :param has_proof: whether a file hangs on one of them
    :param has_root_cause: whether the root cause is written down
    :return: "too_severe", "finding", "second", "proof", "root_cause", or None when nothing is missing

    >>> missing_evidence("minor", 0, False, False)
    'finding'
    >>> missing_evidence("minor", 0, False, False, first_contact=True)
    >>> missing_evidence("major", 0, False, False, first_contact=True)
    'too_severe'
    >>> missing_evidence("moderate", 1, False, False)
    >>> [missing_evidence("major", 1, proof, cause) for proof, cause in ((False, True), (True, False), (True, True))]
    ['proof', 'root_cause', None]
    >>> missing_evidence("critical", 1, True, True), missing_evidence("critical", 2, True, True)
    ('second', None)
    """
    severe = severity in SEVERE
    if not findings:
        if first_contact:
            return "too_severe" if severe else None
        return "finding"
    if severity == "critical" and findings < 2:
        return "second"
    if severe and not has_proof:
        return "proof"
    if severe and not has_root_cause:
        return "root_cause"
    return None
