"""What waits for an operator's hands at a site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from nearmade.cloud.network.models import Site
from nearmade.cloud.orders.models import Order
from nearmade.cloud.pages import reading
from nearmade.cloud.pages.builds import JobView, job_view, part_titles
from nearmade.cloud.pages.figures import duration_text
from nearmade.production.job import JobState


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that is asked once more, with a reason, before it is done.

    Parameters
    ----------
    act
        What the form sends.
    label
        On the button that opens it.
    asks
        What happens then, in a sentence.
    reason
        What the reason is called.
    stop
        True when something ends by it.
    """

    act: str
    label: str
    asks: str
    reason: str
    stop: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for hands.

    Parameters
    ----------
    id
        Keeps opened choices open while the page renews itself.
    icon, title, said
        For people.
    action
        Where its forms go.
    act, label
        The usual answer; empty where each answer must be chosen with care.
    choices
        The other answers.
    warns
        True when something went wrong.
    """

    id: str
    icon: str
    title: str
    said: str
    action: str
    act: str = ""
    label: str = ""
    choices: tuple[Choice, ...] = ()
    warns: bool = False


def tasks_of(site: Site, jobs: Sequence[JobView]) -> list[Task]:
    """List what to do now: what went wrong first, then offers, checks and parcels."""
    wrong = [
        job_view(job, part_titles(job.order)) for job in reading.jobs_to_decide_at(site)
    ]
    tasks = [*_of_wrong_builds(site, wrong), *_of_builds(site, jobs), *_of_orders(site)]
    return sorted(tasks, key=lambda task: not task.warns)


def _again() -> Choice:
    return Choice(
        "again",
        _("Print again"),
        _("This try counts as lost; the build is sliced anew and begins from its bed."),
        _("What was wrong"),
    )


def _give_up() -> Choice:
    return Choice(
        "give-up",
        _("Give up"),
        _("The whole order fails: its customer pays nothing and reads your reason."),
        _("Why it cannot be made here"),
        stop=True,
    )


def _act_on(site: Site, job: JobView) -> str:
    return reverse("pages:act_on_job", args=[site.pk, job.id])


def _of_wrong_builds(site: Site, jobs: Sequence[JobView]) -> Iterator[Task]:
    for job in jobs:
        failed = job.state == JobState.FAILED
        title = _("It failed: %(what)s") if failed else _("Look at it: %(what)s")
        yield Task(
            f"do-{job.id}",
            "triangle-alert",
            title % {"what": job.parts_text},
            " · ".join(filter(None, [f"{job.title}, {job.machine}", job.problem])),
            _act_on(site, job),
            choices=(_again(), _give_up()),
            warns=True,
        )


def _of_builds(site: Site, jobs: Sequence[JobView]) -> Iterator[Task]:
    for job in jobs:
        if job.state == JobState.OFFERED:
            yield _offer(site, job)
        elif job.state == JobState.PRINTED:
            yield Task(
                f"do-{job.id}",
                "list-checks",
                _("Take off and check: %(what)s") % {"what": job.parts_text},
                f"{job.title}, {job.machine}",
                _act_on(site, job),
                "checked",
                _("It is right"),
                (_again(), _give_up()),
            )


def _offer(site: Site, job: JobView) -> Task:
    seconds = job.expected_s
    takes = duration_text(timedelta(seconds=seconds)) if seconds else ""
    machine = _("on %(m)s") % {"m": job.machine}
    decline = Choice(
        "decline",
        _("Decline"),
        _("The next workshop is asked for the whole order."),
        _("Your reason"),
        stop=True,
    )
    return Task(
        f"do-{job.id}",
        "bell",
        _("An offer: %(what)s") % {"what": job.parts_text},
        " · ".join(filter(None, [job.title, job.material, machine, takes])),
        _act_on(site, job),
        "accept",
        _("Accept"),
        (decline,),
    )


def _of_orders(site: Site) -> Iterator[Task]:
    for order in reading.orders_awaiting_parts_at(site):
        said = _("Say so when all of them lie on your table.")
        yield _of_order(order, "package", _("Parts are coming: %(t)s"), said, "arrived")
    for order in reading.orders_to_assemble_at(site):
        said = _("All parts are here.")
        yield _of_order(order, "wrench", _("Put together: %(t)s"), said, "assembled")
    for order in reading.orders_to_hand_over_at(site):
        to = order.place["name"]
        said = _("To %(to)s") % {"to": to} if order.deliver else _("To be collected")
        yield _of_order(order, "truck", _("Hand over: %(t)s"), said, "handed-over")


def _of_order(order: Order, icon: str, title: str, said: str, act: str) -> Task:
    labels = {
        "arrived": _("They are all here"),
        "assembled": _("It is assembled"),
        "handed-over": _("It is handed over"),
    }
    return Task(
        f"do-{order.pk}",
        icon,
        title % {"t": order.instance.design_version.title},
        said,
        reverse("pages:act_on_order", args=[order.site_id, order.pk]),
        act,
        labels[act],
    )
