"""100,000 running clocks on 33,334 records: counted anew, beside one UPDATE of the same rows in the same run.

A fifth was paused once, a tenth is paused now; three regimes of hours, working days and calendar days, two rungs each.
Made by SQL. Figures are for all clocks together.
"""

from _measure import ratio, timed

RECORDS = 33_334


def run(env):
    clocks = _fill(env)
    count = len(clocks)
    result = {"clocks": count, "one UPDATE of the same rows": timed(env, lambda: _floor(env), 1, passes=3)}
    result["everything counted anew, all rows change"] = timed(env, clocks._refresh, 1, passes=3)
    clocks._refresh()
    env.flush_all()
    env.cr.execute("ANALYZE sqms_clock")
    result["everything counted anew, little changes"] = timed(env, clocks._refresh, 1, passes=3)
    one = clocks[0]
    result["one pause"] = timed(env, lambda: one.pause("author"), 1, passes=3)
    nearest = env["sqms.document.version"]
    result["80 records by their next deadline"] = timed(
        env, lambda: nearest.search_fetch([("clock_due_at", "!=", False)], ["clock_due_at"], limit=80,
                                          order="clock_due_at"),
        1, passes=3)  # fmt: skip
    calendar = clocks.calendar_id[0]
    result["a holiday entered for the calendar of all"] = timed(env, lambda: _holiday(env, calendar), 1, passes=1)
    if hasattr(type(env["sqms.clock"]), "_cron_escalate"):
        env.cr.execute("UPDATE sqms_clock SET next_at = now() + interval '1 year', due_at = now() + interval '1 year'")
        env.invalidate_all()
        result["escalation pass, nothing due"] = timed(env, env["sqms.clock"]._cron_escalate, 1, passes=3)
    result["ratios"] = {
        "counted anew to one UPDATE (at most 8)": ratio(
            result["everything counted anew, all rows change"], result["one UPDATE of the same rows"]
        ),
        "little changes, to one UPDATE": ratio(
            result["everything counted anew, little changes"], result["one UPDATE of the same rows"]
        ),
    }
    env.cr.rollback()
    return result


def _fill(env):
    company = env.company
    policy = env["sqms.clock.policy"].create({
        "name": "Benchmark", "code": "benchmark", "res_model": "sqms.document.version", "company_id": company.id,
        "step_ids": [
            (0, 0, {"name": unit, "unit": unit, "target": target, "start_states": "", "stop_states": "approved",
                    "reason_ids": [(6, 0, env.ref("sqms_base.sqms_clock_reason_author").ids)],
                    "rung_ids": [(0, 0, {"kind": "percent", "value": 80}), (0, 0, {"kind": "after", "value": 0})]})
            for unit, target in (("work_hours", 200 * 3600), ("work_days", 40), ("days", 60))
        ],
    })  # fmt: skip
    policy.action_transition("verify")
    env.flush_all()
    env.cr.execute("""
        INSERT INTO sqms_document (name, number, document_type, company_id, audience, tz, owner_id, create_date)
        SELECT jsonb_build_object('en_US', 'D' || i), 'BENCH/' || i, 'procedure', %(company)s, 'nobody',
               'Asia/Shanghai',
               %(user)s, now()
          FROM generate_series(1, %(count)s) i""",
        {"company": company.id, "user": env.uid, "count": RECORDS})  # fmt: skip
    env.cr.execute("""
        INSERT INTO sqms_document_version (document_id, edition, state, author_id, company_id, create_date)
        SELECT id, 1, 'draft', %(user)s, company_id, now() FROM sqms_document WHERE number LIKE 'BENCH/%%'
        RETURNING id""", {"user": env.uid})  # fmt: skip
    env.cr.execute("""
        INSERT INTO sqms_clock (res_model, res_id, policy_id, step_id, company_id, calendar_id, tz, start_at, paused,
                                remaining, epoch, create_date, create_uid)
        SELECT 'sqms.document.version', v.id, %(policy)s, s.id, %(company)s, %(calendar)s, 'Asia/Shanghai',
               date_trunc('second', now()) - (v.id %% 60) * interval '1 day' - (v.id %% 7919) * interval '7 seconds',
               false, 0, 0, now(),
               %(user)s
          FROM sqms_document_version v
          JOIN sqms_document d ON d.id = v.document_id AND d.number LIKE 'BENCH/%%'
         CROSS JOIN sqms_clock_step s
         WHERE s.policy_id = %(policy)s
         LIMIT 100000""", {
            "policy": policy.id, "company": company.id, "calendar": company.resource_calendar_id.id, "user": env.uid,
        })  # fmt: skip
    for kind, share, shift in (
        ("start", 1, "0"),
        ("pause", 5, "1 hour"),
        ("resume", 5, "40 hours"),
        ("pause", 10, "50 hours"),
    ):
        env.cr.execute("""
            INSERT INTO sqms_clock_event (clock_id, at, entered_at, kind, reason, user_id, step_id, calendar_id)
            SELECT id, at, at, %(kind)s, CASE WHEN %(kind)s <> 'start' THEN 'author' END, %(user)s,
                   CASE WHEN %(kind)s = 'start' THEN step_id END, CASE WHEN %(kind)s = 'start' THEN calendar_id END
              FROM (SELECT *, start_at + %(shift)s::interval AS at FROM sqms_clock) c
             WHERE policy_id = %(policy)s AND id %% %(share)s = 0 AND at <= now()""",
            {"kind": kind, "share": share, "shift": shift, "policy": policy.id, "user": env.uid})  # fmt: skip
    env.cr.execute("ANALYZE sqms_clock; ANALYZE sqms_clock_event; ANALYZE sqms_document_version")
    env.invalidate_all()
    return env["sqms.clock"].search([("policy_id", "=", policy.id)], order="id")


def _floor(env):
    """What no recomputation can do without: every derived column of every row written once."""
    env.cr.execute("""
        UPDATE sqms_clock SET start_at = start_at, due_at = start_at + interval '30 days', paused = false,
               met_at = NULL, breached_at = NULL, remaining = 1, next_at = start_at + interval '20 days',
               next_rung = NULL, armed_at = NULL, epoch = 0""")  # fmt: skip


def _holiday(env, calendar):
    env["resource.calendar.leaves"].create({
        "name": "Benchmark", "calendar_id": calendar.id, "date_from": "2026-11-20 00:00:00",
        "date_to": "2026-11-21 00:00:00",
    })  # fmt: skip
