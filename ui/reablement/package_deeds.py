"""The package for long-term care: written, offered, answered; and what makes providers unable (B3)."""

from __future__ import annotations

from typing import Any

from coordination.errors import BadValue, BadValues
from coordination.reablement.model import Barrier, BarrierId, EpisodeDetail, Offer, OfferId, PackageDraft, PackageId
from coordination.values import new_id
from ui.reablement import forms, words
from ui.reablement.doing import DoingForEpisodes, Values


class PackageDeeds(DoingForEpisodes):
    """From the barriers to the provider who says yes."""

    def add_barrier(self) -> None:
        detail = self._need()
        if detail is None:
            return
        service, key = self._service, BarrierId(new_id())

        def do(v: Values) -> None:
            self._detail(
                lambda: service.add_barrier(detail.episode.id, key, v["kind"], v["words"], v["done"]), "Added.", None
            )

        self.ask(forms.barrier_form(do, self.close_asking))

    def work_on(self, barrier: Barrier) -> None:
        detail = self._need()
        if detail is None:
            return
        service = self._service

        def do(v: Values) -> None:
            over = v["resolved_on"] or None
            self._detail(lambda: service.work_on_barrier(detail.episode.id, barrier, v["done"], over), "Saved.", None)

        self.ask(forms.work_form(barrier, self._today, do, self.close_asking))

    # ---------------------------------------------------------------- the package

    def write_package(self) -> None:
        detail = self._need()
        if detail is None:
            return
        service, package = self._service, detail.package
        key = package.id if package is not None else PackageId(new_id())
        seen = package.revision if package is not None else None
        now = detail.weeks[-2 if len(detail.weeks) > 1 else -1].minutes if detail.weeks else 0

        def do(v: Values) -> None:
            try:
                draft = _package(key, v)
            except BadValues as bad:
                self.fail(bad)
                return
            self._detail(lambda: service.put_package(detail.episode.id, draft, seen), "The package is written.", None)

        self.ask(forms.package_form(package, self._today, now, do, self.close_asking))

    def offer(self) -> None:
        detail = self._need()
        if detail is None or detail.package is None:
            return
        service, package, key = self._service, detail.package, OfferId(new_id())
        asked = frozenset(int(o.provider_id) for o in package.offers)

        def do(v: Values) -> None:
            self._detail(
                lambda: service.offer(detail.episode.id, key, package.id, v["provider_id"]),
                "It is offered.",
                lambda after: lambda: service.answer(key, 1, "withdrawn", "Offered by mistake"),
            )

        def ask(providers: Any) -> None:
            near = [p for p in providers if detail.locality is None or detail.locality in p.localities]
            self.ask(forms.offer_form(near, asked, do, self.close_asking))

        self._page.run(service.providers, ask, latest="choices")

    def answer_first(self) -> None:
        """The offer that has waited longest."""
        detail = self._page.detail
        if detail is not None and detail.package is not None and detail.package.waiting:
            self.answer(detail.package.waiting[-1])

    def answer(self, offer: Offer) -> None:
        detail = self._need()
        if detail is None or detail.package is None:
            return
        service, package = self._service, detail.package

        def do(v: Values) -> None:
            said = v.get("answer", "withdrawn")
            starts = v.get("starts_on") or None
            self._detail(
                lambda: service.answer(offer.id, offer.revision, said, v["words"], starts),
                f"{offer.provider}: {words.OFFERS.get(said, '').lower()}.",
                None,
            )

        self.ask(forms.answer_form(offer, package, self._today, do, self.close_asking))


def package_is_free(detail: EpisodeDetail) -> bool:
    package = detail.package
    return package is None or not (package.accepted or package.waiting)


def _package(key: PackageId, v: Values) -> PackageDraft:
    """Raises BadValues for hours or calls that are no number."""
    problems: list[BadValue] = []

    def numbered(name: str, times: int) -> int:
        try:
            return round(float(str(v[name]).replace(",", ".").removesuffix("h").strip()) * times)
        except (ValueError, OverflowError):
            problems.append(BadValue(name, "not_a_number"))
            return 0

    minutes, calls = numbered("minutes_a_week", 60), numbered("calls_a_day", 1)
    if problems:
        raise BadValues(tuple(problems))
    return PackageDraft(key, minutes, calls, v["tasks"], int(v["workers_a_call"] or 1), v["starts_on"] or None)
