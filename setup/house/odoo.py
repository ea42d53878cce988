"""setup/odoo <any Odoo arguments>: Odoo of this house, with its database server and addons path.

Examples: `setup/odoo shell -d sqms`, `setup/odoo -d sqms -u sqms_base --stop-after-init`.
"""

import subprocess

from . import database, paths, python_env, say, system


def main(arguments):
    with database.preparing():
        system.ensure()
        odoo = python_env.prepare()
    with database.house(odoo) as house:
        command = house.command(*arguments)
        child = subprocess.Popen(command, cwd=paths.ROOT, env=house.environment())
        try:
            return child.wait()
        except KeyboardInterrupt:
            return child.wait()


if __name__ == "__main__":
    say.main(main)
