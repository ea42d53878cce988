"""Shared helpers of the benchmarks: every pass begins like a new request and ends like one."""

import gc
import statistics
import time


def user_env(env, login="admin"):
    """An environment of a real person: rights and rules apply."""
    user = env["res.users"].search([("login", "=", login)])
    return env(user=user.id, su=False, context={"lang": "en_US", "tz": "UTC"})


def timed(env, work, count, passes=3):
    """Median over passes of milliseconds, processor time and queries per item; each pass is rolled back."""
    walls, processors, queries = [], [], []
    for _pass in range(passes):
        with env.cr.savepoint() as savepoint:
            env.flush_all()
            env.invalidate_all()
            gc.collect()
            asked = env.cr.sql_log_count
            processor, wall = time.process_time(), time.perf_counter()
            work()
            env.cr.flush()
            walls.append(time.perf_counter() - wall)
            processors.append(time.process_time() - processor)
            queries.append(env.cr.sql_log_count - asked)
            savepoint.rollback()
            env.invalidate_all()
    return {
        "ms": round(statistics.median(walls) * 1000 / count, 3),
        "cpu_ms": round(statistics.median(processors) * 1000 / count, 3),
        "queries": round(statistics.median(queries) / count, 2),
        "count": count,
        "passes": passes,
    }


def ratio(slow, fast):
    return round(slow["ms"] / fast["ms"], 2)
