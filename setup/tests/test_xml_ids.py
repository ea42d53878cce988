"""What code looks up by XML id exists: a group written wrongly is never had, and nobody notices."""

import odoo_index
import pytest
import suite
import xml_ids


@pytest.fixture(scope="session")
def folders():
    return odoo_index.folders()


def test_every_xml_id_in_code_exists(addon, folders):
    found = xml_ids.missing(addon, folders)
    assert not found, "\n".join(["nobody defines:", *found])


@pytest.mark.parametrize(
    "code",
    [
        'user.has_group("base.group_usr")',
        'env.ref("base.no_such_record")',
        'x = fields.Char(groups="base.group_user,base.group_usr")',
        'Transition("a", groups="sqms_made.group_no")',
        'request.render("web.no_such_template")',
    ],
)
def test_missing_xml_id_is_seen(code, folders, tmp_path):
    assert len(xml_ids.missing(made(tmp_path, code), {**folders, "sqms_made": tmp_path / "sqms_made"})) == 1


@pytest.mark.parametrize(
    "code",
    [
        'user.has_group("base.group_user"), env.ref("sqms_made.here"), env.ref("base.model_res_partner")',
        'request.render("web.login"), env.ref("base.lang_zh_CN"), env.ref(f"base.{name}"), env.ref("here")',
        'x = fields.Char(groups="base.group_user,!base.group_portal"), get_param("sqms_made.anything")',
    ],
)
def test_existing_xml_id_is_left_alone(code, folders, tmp_path):
    assert not xml_ids.missing(made(tmp_path, code), {**folders, "sqms_made": tmp_path / "sqms_made"})


def made(tmp_path, code):
    folder = tmp_path / "sqms_made"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "a.xml").write_text('<odoo><record model="res.partner" id="here"/></odoo>')
    (folder / "a.py").write_text(code)
    return suite.Addon(folder)
