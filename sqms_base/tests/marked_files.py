# ruff: noqa: E501
"""Files that name whoever made them, at every place that programs and cameras know; for tests alone."""

import io
import zipfile
import zlib

from PIL import Image, PngImagePlugin, WebPImagePlugin  # noqa: F401

from odoo.tools.pdf import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfWriter,
    create_string_object,
    generic,
)

MAKE, ARTIST, GPS = 0x010F, 0x013B, 0x8825


def _exif(mark):
    exif = Image.Exif()
    exif[MAKE] = f"{mark}-make"
    exif[ARTIST] = f"{mark}-artist"
    place = exif.get_ifd(GPS)
    place[1], place[2], place[27] = "N", (30.0, 16.0, 27.0), f"{mark}-place".encode()
    return exif.tobytes()


def _picture(kind, **options):
    target = io.BytesIO()
    Image.new("RGB", (64, 48), (180, 60, 40)).save(target, kind, **options)
    return target.getvalue()


def jpeg(mark):
    """EXIF with the position, XMP, IPTC, a comment, a second picture behind the first."""
    plain = _picture("JPEG", exif=_exif(mark), comment=f"{mark}-comment")
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + f"{mark}-xmp".encode() + b"</x:xmpmeta>"
    iptc = b"Photoshop 3.0\x008BIM" + f"{mark}-iptc".encode()
    segments = b"".join(
        bytes((0xFF, code)) + (len(body) + 2).to_bytes(2, "big") + body for code, body in ((0xE1, xmp), (0xED, iptc))
    )
    return plain[:2] + segments + plain[2:] + f"{mark}-behind".encode()


def png(mark):
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", f"{mark}-text")
    info.add_text("Comment", f"{mark}-ztext", zip=True)
    info.add_itxt("XML:com.adobe.xmp", f"{mark}-xmp")
    return _picture("PNG", pnginfo=info, exif=_exif(mark))


def webp(mark):
    return _picture("WEBP", exif=_exif(mark), xmp=f"<x>{mark}-xmp</x>".encode())


def gif(mark):
    return _picture("GIF", comment=f"{mark}-comment".encode())


def pdf(mark, note=False, password=None, layers=False):
    """Author in the properties, XMP of the file and of the page, data of a program, a photo with its EXIF, a link."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    photo = jpeg(mark)
    image = generic.EncodedStreamObject()
    image._data = photo
    for key, value in (
        ("/Type", NameObject("/XObject")), ("/Subtype", NameObject("/Image")), ("/Filter", NameObject("/DCTDecode")),
        ("/Width", NumberObject(64)), ("/Height", NumberObject(48)), ("/BitsPerComponent", NumberObject(8)),
        ("/ColorSpace", NameObject("/DeviceRGB")), ("/Metadata", _stream(writer, f"{mark}-imagexmp")),
    ):  # fmt: skip
        image[NameObject(key)] = value
    images = DictionaryObject({NameObject("/Im0"): writer._add_object(image)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): images})
    page[NameObject("/Contents")] = _stream(writer, "q 64 0 0 48 10 10 cm /Im0 Do Q", metadata=False)
    page[NameObject("/Metadata")] = _stream(writer, f"{mark}-pagexmp")
    page[NameObject("/PieceInfo")] = DictionaryObject({NameObject("/Who"): create_string_object(f"{mark}-piece")})
    annotation = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Text" if note else "/Link"),
            NameObject("/NM"): create_string_object(f"{mark}-link"),
            NameObject("/T"): create_string_object(f"{mark}-noteby"),
            NameObject("/Rect"): ArrayObject([NumberObject(0)] * 4),
        }
    )
    page[NameObject("/Annots")] = ArrayObject([writer._add_object(annotation)])
    root = writer._root_object
    root[NameObject("/Metadata")] = _stream(writer, f"{mark}-xmp")
    if layers:
        root[NameObject("/OCProperties")] = DictionaryObject({NameObject("/Who"): create_string_object(mark)})
    writer.add_metadata({"/Author": f"{mark}-author", "/Title": f"{mark}-title", "/Company": f"{mark}-company"})
    if password:
        writer.encrypt(password)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _stream(writer, text, metadata=True):
    stream = generic.EncodedStreamObject()
    stream._data = zlib.compress(text.encode())
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    if metadata:
        stream[NameObject("/Type")] = NameObject("/Metadata")
        stream[NameObject("/Subtype")] = NameObject("/XML")
    return writer._add_object(stream)


def _archive(mark, parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, (2026, 11, 10, 13, 37, 12))
            info.comment = f"{mark}-zipentry".encode()
            box.writestr(info, content, zipfile.ZIP_DEFLATED)
        box.comment = f"{mark}-zip".encode()
    return target.getvalue()


def _properties(mark):
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return {
        "docProps/core.xml": f'{head}<cp:coreProperties xmlns:cp="x" xmlns:dc="y"><dc:creator>{mark}-creator'
        f"</dc:creator><cp:lastModifiedBy>{mark}-modified</cp:lastModifiedBy></cp:coreProperties>",
        "docProps/app.xml": f'{head}<Properties xmlns="x"><Company>{mark}-company</Company><Manager>{mark}-manager'
        "</Manager></Properties>",
        "docProps/custom.xml": f'{head}<Properties xmlns="x"><property>{mark}-custom</property></Properties>',
        "docProps/thumbnail.jpeg": jpeg(f"{mark}-thumbnail"),
    }


def docx(mark, **parts):
    text = (
        f'<w:document xmlns:w="w" xmlns:w14="v"><!-- {mark}-remark --><w:body><w:p w:rsidR="{mark}-rsid" '
        f'w14:paraId="{mark}-para"><w:r><w:t>The words stay.</w:t></w:r><wp:docPr id="1" name="{mark}-pic" '
        f'descr="{mark}-folder"/></w:p></w:body></w:document>'
    )
    rels = (
        '<Relationships xmlns="r"><Relationship Id="rId1" Type="t/image" Target="media/image1.jpeg"/>'
        '<Relationship Id="rId9" Type="t/customXml" Target="../customXml/item1.xml"/></Relationships>'
    )
    return _archive(
        mark,
        {
            "[Content_Types].xml": '<Types xmlns="t"><Override PartName="/docProps/custom.xml" ContentType="c"/></Types>',
            "word/document.xml": text,
            "word/_rels/document.xml.rels": rels,
            "word/settings.xml": f'<w:settings xmlns:w="w"><w:rsids><w:rsid w:val="{mark}-rsids"/></w:rsids><w:docVars>'
            f'<w:docVar w:name="a" w:val="{mark}-var"/></w:docVars></w:settings>',
            "word/media/image1.jpeg": jpeg(f"{mark}-media"),
            "customXml/item1.xml": f"<b:Sources>{mark}-item</b:Sources>",
            **_properties(mark),
            **parts,
        },
    )


def xlsx(mark, **parts):
    return _archive(
        mark,
        {
            "[Content_Types].xml": '<Types xmlns="t"/>',
            "xl/workbook.xml": '<workbook xmlns="s" xmlns:mc="m"><mc:AlternateContent><mc:Choice Requires="x15">'
            f'<x15ac:absPath url="C:\\Users\\{mark}-disk\\"/></mc:Choice></mc:AlternateContent>'
            f'<fileSharing userName="{mark}-user"/><sheets/></workbook>',
            "xl/worksheets/sheet1.xml": '<worksheet xmlns="s"><sheetData/><pageSetup paperSize="9" r:id="rId1"/></worksheet>',
            "xl/worksheets/_rels/sheet1.xml.rels": '<Relationships xmlns="r"><Relationship Id="rId1" Type="p" '
            'Target="../printerSettings/printerSettings1.bin"/></Relationships>',
            "xl/printerSettings/printerSettings1.bin": f"{mark}-printer".encode("utf-16-le"),
            **_properties(mark),
            **parts,
        },
    )


def odt(mark, **parts):
    return _archive(
        mark,
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": '<office:document-content xmlns:office="o">The words stay.</office:document-content>',
            "meta.xml": f'<office:document-meta xmlns:office="o"><meta:initial-creator>{mark}-creator'
            "</meta:initial-creator></office:document-meta>",
            "settings.xml": f'<office:document-settings xmlns:office="o"><config>{mark}-printer</config>'
            "</office:document-settings>",
            "Thumbnails/thumbnail.png": png(f"{mark}-thumbnail"),
            "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="m"><manifest:file-entry '
            'manifest:full-path="Thumbnails/thumbnail.png"/></manifest:manifest>',
            **parts,
        },
    )


def cleanable(mark):
    """`{file name: content}` of every kind that is cleaned; the names tell too."""
    return {
        f"{mark}-name.jpg": jpeg(f"{mark}-jpg"),
        f"{mark}-name.png": png(f"{mark}-png"),
        f"{mark}-name.webp": webp(f"{mark}-webp"),
        f"{mark}-name.gif": gif(f"{mark}-gif"),
        f"{mark}-name.pdf": pdf(f"{mark}-pdf"),
        f"{mark}-name.docx": docx(f"{mark}-docx"),
        f"{mark}-name.xlsx": xlsx(f"{mark}-xlsx"),
        f"{mark}-name.odt": odt(f"{mark}-odt"),
    }


def refusable(mark):
    """`{file name: content}` of what cannot be cleaned."""
    comments = f'<w:comments xmlns:w="w"><w:comment w:author="{mark}"/></w:comments>'
    changes = f'<w:document xmlns:w="w"><w:ins w:id="1" w:author="{mark}"/></w:document>'
    people = f'<w15:people xmlns:w15="w"><w15:person w15:author="{mark}"/></w15:people>'
    fields = f'<w:document xmlns:w="w"><w:instrText> AUTHOR </w:instrText>{mark}</w:document>'
    linked = '<Relationships><Relationship Type="t/relationships/hyperlink" Target="file:///C:/x"/></Relationships>'
    return {
        "comments.docx": docx(mark, **{"word/comments.xml": comments}),
        "changes.docx": docx(mark, **{"word/document.xml": changes}),
        "people.docx": docx(mark, **{"word/people.xml": people}),
        "fields.docx": docx(mark, **{"word/document.xml": fields}),
        "disk.docx": docx(mark, **{"word/_rels/footnotes.xml.rels": linked}),
        "utf16.docx": docx(mark, **{"word/document.xml": changes.encode("utf-16")}),
        "entity.docx": docx(mark, **{"word/document.xml": f'<!DOCTYPE a [<!ENTITY b "{mark}">]><a>&b;</a>'}),
        "drawing.docx": docx(mark, **{"word/media/image2.emf": mark.encode()}),
        "comments.xlsx": xlsx(mark, **{"xl/comments1.xml": f"<comments><authors><author>{mark}</author></authors></comments>"}),
        "persons.xlsx": xlsx(mark, **{"xl/persons/person.xml": f'<person displayName="{mark}"/>'}),
        "changes.odt": odt(mark, **{"content.xml": f"<o><text:tracked-changes><dc:creator>{mark}</dc:creator></text:tracked-changes></o>"}),
        "note.pdf": pdf(mark, note=True),
        "layers.pdf": pdf(mark, layers=True),
        "password.pdf": pdf(mark, password="secret"),
        "macro.docm": docx(mark),
        "macro.docx": docx(mark, **{"word/vbaProject.bin": mark}),
        "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + mark.encode(),
        "phone.heic": b"\0\0\0\x18ftypheic" + mark.encode(),
    }  # fmt: skip
