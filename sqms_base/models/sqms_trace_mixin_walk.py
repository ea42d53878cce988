from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

from ..lib.trace_link import as_link
from .sqms_trace_mixin import MAX_NODES


class Way(NamedTuple):
    """A declared link as one walks along it: from its holder to what it names, or back."""

    holder: str
    link: object
    is_back: bool


class SqmsTraceMixinWalk(models.AbstractModel):
    """The walk along the links, level by level.

    Links are read with all rights, so that what a person may not read still shows that it is there; whether
    he may is asked of each record, once, before anything of it is told. Fields and steps on the way that he
    may not read lead nowhere.
    """

    _inherit = "sqms.trace.mixin"

    # -- which ways there are ---------------------------------------------------

    @api.model
    def _trace_ways(self):
        """`{model: [Way, ...]}` over all models with this mixin."""
        traced = [self.env[name] for name in self.env if self._trace_is_traced(name)]
        ways = {model._name: [] for model in traced}
        for model in traced:
            for link in map(as_link, model._trace_links):
                if not model._trace_may_read(link):
                    continue
                ways[model._name].append(Way(model._name, link, is_back=False))
                named = ways if link.model_field else [model._trace_comodel(link.path)]
                if model._trace_is_searchable(link):
                    for name in named:
                        if name in ways:
                            ways[name].append(Way(model._name, link, is_back=True))
        return ways

    def _trace_fields(self, link):
        """(model, field) of each step of a link."""
        model = self
        for name in link.path.split("."):
            field = model._fields[name]
            yield model, field
            model = self.env[field.comodel_name] if field.relational else None
        if link.model_field:
            yield self, self._fields[link.model_field]

    def _trace_may_read(self, link):
        return all(model._has_field_access(field, "read") for model, field in self._trace_fields(link))

    def _trace_is_searchable(self, link):
        return all(field._description_searchable for _model, field in self._trace_fields(link))

    def _trace_comodel(self, path):
        model = self
        for name in path.split("."):
            model = self.env[model._fields[name].comodel_name]
        return model._name

    # -- the walk -----------------------------------------------------------------

    def _trace_walk(self, depth):
        """`(known, edges, truncated)` around this record.

        :return: `known` is `{(model, id): (readable, key it was reached from)}` in the order of discovery,
            `edges` `{(source key, target key): link}`
        """
        ways = self._trace_ways()
        known = {(self._name, self.id): (True, None)}
        edges, truncated = {}, False
        frontier = {self._name: self}
        for level in range(depth + 1):
            found, more = self._trace_level(frontier, ways)
            truncated |= more
            new = {}
            for start, end, _edge, _link in found:
                if end not in known:
                    new.setdefault(end, start)
            new = self._trace_sort_out(new)
            room = MAX_NODES - len(known) if level < depth else 0
            if len(new) > room:
                truncated = True
                new = dict(list(new.items())[:room])
            known.update(new)
            for _start, end, edge, link in found:
                if end in known:
                    edges.setdefault(edge, link)
            frontier = self._trace_readable_of(new)
            if not frontier:
                break
        return known, edges, truncated

    def _trace_level(self, frontier, ways):
        """Every link at these records: `([(from key, to key, edge, link)], there are more)`."""
        found, more = [], False
        for name, records in frontier.items():
            for way in ways.get(name, ()):
                if way.is_back:
                    pairs, full = self.env[way.holder]._trace_holders(way.link, records)
                    more |= full
                    found += [(named, holder, way.link.edge(holder, named), way.link) for holder, named in pairs]
                else:
                    pairs = records._trace_named(way.link)
                    found += [(holder, named, way.link.edge(holder, named), way.link) for holder, named in pairs]
        return [row for row in found if row[0] != row[1]], more

    def _trace_named(self, link):
        """[(key of a record, key of what its link names)]."""
        if link.model_field:
            return self._trace_named_generic(link)
        pairs, model = [(id_, id_) for id_ in self.ids], self
        for place, name in enumerate(link.path.split(".")):
            records = model.browse(dict.fromkeys(id_ for _origin, id_ in pairs))
            if place:
                records = self._trace_readable(records)
            field, everything = model._fields[name], records.sudo()
            if field.store and records:
                everything.fetch([name])
            step = {record.id: record[name].ids for record in everything}
            pairs = [(origin, end) for origin, id_ in pairs for end in step.get(id_, ())]
            model = self.env[field.comodel_name]
        if not self._trace_is_traced(model._name):
            return []
        return [((self._name, origin), (model._name, end)) for origin, end in dict.fromkeys(pairs)]

    def _trace_named_generic(self, link):
        everything = self.sudo()
        everything.fetch([link.path, link.model_field])
        pairs = [
            ((self._name, record.id), (record[link.model_field], record[link.path]))
            for record in everything
            if record[link.path] and self._trace_is_traced(record[link.model_field])
        ]
        # No foreign key keeps what a generic link names from being deleted.
        ids = {}
        for _holder, (name, id_) in pairs:
            ids.setdefault(name, []).append(id_)
        there = {(name, id_) for name, of_model in ids.items() for id_ in self.env[name].browse(of_model).exists().ids}
        return [pair for pair in pairs if pair[1] in there]

    def _trace_is_traced(self, name):
        model = self.env.registry.get(name) if isinstance(name, str) else None
        return model is not None and not model._abstract and issubclass(model, self.env.registry["sqms.trace.mixin"])

    @api.model
    def _trace_holders(self, link, records):
        """[(key of a record of this model, key of the record its link names)] for these named records."""
        domain = Domain(link.path, "in", records.ids) & self._trace_domain()
        if link.model_field:
            domain &= Domain(link.model_field, "=", records._name)
        names = [name for name in (link.path.partition(".")[0], link.model_field) if name and self._fields[name].store]
        holders = self.sudo().search_fetch(domain, names, order="id", limit=MAX_NODES + 1).with_env(self.env)
        wanted = {(records._name, id_) for id_ in records.ids}
        pairs = [pair for pair in holders._trace_named(link) if pair[1] in wanted]
        return pairs, len(holders) > MAX_NODES

    # -- who may see it -------------------------------------------------------------

    def _trace_sort_out(self, new):
        """`{key: (readable, from key)}` of what is part of the story."""
        by_model = {}
        for name, id_ in new:
            by_model.setdefault(name, []).append(id_)
        readable, part = set(), set()
        for name, ids in by_model.items():
            records = self.env[name].browse(ids)
            domain = records._trace_domain()
            records = records if domain.is_true() else records.sudo().filtered_domain(domain).with_env(self.env)
            part.update((name, id_) for id_ in records.ids)
            readable.update((name, id_) for id_ in self._trace_readable(records).ids)
        return {key: (key in readable, start) for key, start in new.items() if key in part}

    @api.model
    def _trace_readable(self, records):
        """Those of the records that the person may read, of the companies he works in at the moment."""
        readable = records._filtered_access("read")
        field = records._fields.get("company_id")
        if self.env.su or field is None or field.comodel_name != "res.company":
            return readable
        companies = self.env.companies
        own = readable.sudo().filtered(lambda record: not record.company_id or record.company_id in companies)
        return own.with_env(self.env)

    def _trace_readable_of(self, known):
        """`{model: records}` of the readable keys."""
        by_model = {}
        for (name, id_), (readable, _start) in known.items():
            if readable:
                by_model.setdefault(name, []).append(id_)
        return {name: self.env[name].browse(ids) for name, ids in by_model.items()}

    def _trace_neighbours(self):
        """`{id: keys of the records directly linked}` of these records."""
        found, _more = self._trace_level({self._name: self}, self._trace_ways())
        part = self._trace_sort_out(dict.fromkeys(end for _start, end, _edge, _link in found))
        linked = {}
        for start, end, _edge, _link in found:
            if end in part:
                linked.setdefault(start[1], set()).add(end)
        return linked
