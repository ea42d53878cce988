"""setup/demo [--no-serve] [--port N]: Odoo 19 with the suite, demo data, English and 简体中文.

Makes what is missing, brings up to date what has changed, and serves until it is interrupted.
"""

import argparse
import socket
import subprocess

from . import database, odoo_tests, paths, postgres, python_env, say, system

LOGINS = (
    ("quality", "quality manager"),
    ("officer", "quality officer"),
    ("agent", "helpdesk agent"),
    ("hr", "HR officer"),
    ("auditor", "internal auditor"),
    ("employee", "line employee"),
    ("top", "top management"),
    ("certifier", "external certifier, reads only"),
    ("admin", "administrator"),
)
DATABASE = "sqms"


def main(arguments):
    options = _options(arguments)
    if not options.no_serve:
        _check_port(options.interface, options.port)
    with database.preparing():
        system.ensure()
        odoo = python_env.prepare()
        with database.house(odoo) as house:
            house.demo(DATABASE)
    if options.no_serve:
        say.note("\nEverything is ready. `setup/demo` serves it.")
        return 0
    with database.house(odoo) as house:
        return _serve(house, options)


def _options(arguments):
    parser = argparse.ArgumentParser(prog="setup/demo", description=__doc__)
    parser.add_argument("--no-serve", action="store_true", help="prepare everything and exit")
    parser.add_argument("--port", type=int, default=8069)
    parser.add_argument("--interface", default="127.0.0.1", help="the passwords are known to everybody: think twice")
    return parser.parse_args(arguments)


def _check_port(interface, port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((interface, port))
        except OSError:
            raise say.Stop(
                f"Port {port} is taken by another program: end it, or choose another with `setup/demo --port 8070`."
            ) from None


def _serve(house, options):
    log = paths.RUN / "log" / "server.log"
    command = house.command(
        "-d", DATABASE, "--no-database-list", f"--http-port={options.port}", f"--http-interface={options.interface}",
        "--max-cron-threads=1", "--log-level=info",
    )  # fmt: skip
    with say.step("starting Odoo"), open(log, "a") as out:
        # A session of its own: Ctrl-C reaches this program, which then ends the server by its id.
        server = subprocess.Popen(
            command, cwd=paths.ROOT, env=house.environment(), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            start_new_session=True,
        )  # fmt: skip
    try:
        ready = postgres.wait_for(lambda: server.poll() is not None or odoo_tests.answers(options.port), 120)
        if not ready or server.poll() is not None:
            raise say.Stop(f"Odoo did not start. Its log: {log}")
        _welcome(options, log)
        return server.wait()
    except KeyboardInterrupt:
        say.note("\nEnded. Your data stays: `setup/demo` goes on where you were.")
        return 0
    finally:
        if server.poll() is None:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _welcome(options, log):
    address = f"http://localhost:{options.port}"
    say.note(f"\nSQMS is ready: {address}\n")
    say.note("Log in as (the password is the login):")
    for login, role in LOGINS:
        say.note(f"    {login:<10} {role}")
    say.note(f"\nFor customers, without login: {address}/complaint and {address}/zh_CN/complaint")
    say.note(f"Log: {log}\nCtrl-C ends it.")


if __name__ == "__main__":
    say.main(main)
