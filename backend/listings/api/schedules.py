"""Recurring listings over REST."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.common import clock
from backend.common.found import found
from backend.common.rest import IdempotentPost, actor, etag, paged, require_match
from backend.common.rest.serializers import PageQuery, parse_query
from backend.listings.actions.change_schedule import change_schedule
from backend.listings.actions.create_schedule import create_schedule
from backend.listings.actions.end_schedule import end_schedule
from backend.listings.actions.skip_date import skip_date
from backend.listings.api.output import SchedulePage, ScheduleView
from backend.listings.api.serializers import (
    ScheduleChange,
    ScheduleInput,
    SkipInput,
    schedule_plan,
)
from backend.listings.models import ListingSchedule
from backend.listings.selectors import kept_schedules
from backend.organizations.selectors import visible_locations


def shown(schedule: ListingSchedule, *, status: int = 200) -> Response:
    body = ScheduleView(schedule).data
    return Response(body, status=status, headers={"ETag": etag(schedule)})


class Schedules(IdempotentPost, APIView):
    @extend_schema(operation_id="list_schedules", parameters=[PageQuery], responses=SchedulePage)
    def get(self, request: Request) -> Response:
        """Recurring listings of one's organizations, newest first."""
        parse_query(PageQuery, request.query_params)
        pages, rows = paged(request, kept_schedules(actor(request)), self)
        return pages.get_paginated_response(ScheduleView(rows, many=True).data)

    @extend_schema(
        operation_id="create_schedule", request=ScheduleInput, responses={201: ScheduleView}
    )
    def post(self, request: Request) -> Response:
        """From now on each day of the rule opens a listing by itself."""
        wanted, by = ScheduleInput.parse(request.data), actor(request)
        place = found(visible_locations(by), wanted.location_id)
        schedule = create_schedule(
            location_id=place.pk, plan=schedule_plan(wanted), by=by, now=clock.now()
        )
        return shown(schedule, status=201)


class OneSchedule(APIView):
    @extend_schema(operation_id="get_schedule", responses=ScheduleView)
    def get(self, request: Request, schedule_id: UUID) -> Response:
        """One recurring listing."""
        return shown(found(kept_schedules(actor(request)), schedule_id))

    @extend_schema(operation_id="change_schedule", request=ScheduleChange, responses=ScheduleView)
    def put(self, request: Request, schedule_id: UUID) -> Response:
        """From a date on; what is open already stays. Answers with the one that holds then."""
        wanted, by = ScheduleChange.parse(request.data), actor(request)
        schedule = found(kept_schedules(by), schedule_id)
        changed = change_schedule(
            schedule_id=schedule.pk,
            plan=schedule_plan(wanted),
            from_date=wanted.from_date,
            by=by,
            now=clock.now(),
            if_version=require_match(request, schedule),
        )
        return shown(changed)


class SkippedDates(IdempotentPost, APIView):
    @extend_schema(operation_id="skip_date", request=SkipInput, responses={201: ScheduleView})
    def post(self, request: Request, schedule_id: UUID) -> Response:
        """Nothing is offered on this date."""
        wanted, by = SkipInput.parse(request.data), actor(request)
        schedule = found(kept_schedules(by), schedule_id)
        skipped = skip_date(
            schedule_id=schedule.pk, local_date=wanted.local_date, by=by, now=clock.now()
        )
        return shown(skipped, status=201)


class EndSchedule(IdempotentPost, APIView):
    @extend_schema(operation_id="end_schedule", request=None, responses=ScheduleView)
    def post(self, request: Request, schedule_id: UUID) -> Response:
        """Nothing more is offered; what is open stays open."""
        by = actor(request)
        schedule = found(kept_schedules(by), schedule_id)
        return shown(end_schedule(schedule_id=schedule.pk, by=by, now=clock.now()))
