"""Where the pages of the desk are."""

from django.urls import path

from backend.web.views.coordinator import (
    desk,
    drivers,
    incidents,
    organizations,
    overview,
    rounds,
    routes,
    running,
    transfers,
    what_if,
)

WATCHED = "desk/organizations/<uuid:organization_id>"
PATHS = [
    path("desk", desk.desk, name="desk"),
    path("desk/map", overview.live_map, name="desk_map"),
    path("desk/counted/<str:day>", overview.counted, name="desk_counted"),
    path("desk/organizations", organizations.organizations, name="desk_organizations"),
    path(WATCHED, organizations.organization, name="desk_organization"),
    path(f"{WATCHED}/documents/<uuid:document_id>", organizations.document, name="desk_document"),
    path(f"{WATCHED}/<slug:what>", organizations.decide, name="desk_decide"),
    path("desk/drivers", drivers.drivers, name="desk_drivers"),
    path("desk/drivers/<uuid:courier_id>", drivers.driver, name="desk_driver"),
    path("desk/drivers/<uuid:courier_id>/approve", drivers.approve, name="desk_approve"),
    path("desk/incidents/<uuid:incident_id>", incidents.incident, name="desk_incident"),
    path("desk/rounds", rounds.rounds, name="desk_rounds"),
    path("desk/rounds/what-if", what_if.what_if, name="desk_what_if"),
    path("desk/rounds/<uuid:round_id>/commit", what_if.commit, name="desk_commit_what_if"),
    path("desk/rounds/run", rounds.run_round, name="desk_run_round"),
    path("desk/rounds/<uuid:round_id>", rounds.round_page, name="desk_round"),
    path("desk/transfers", transfers.transfers, name="desk_transfers"),
    path("desk/transfers/propose", transfers.propose, name="desk_propose"),
    path("desk/transfers/send/<uuid:lot_id>", transfers.send, name="desk_send"),
    *[
        path(
            f"desk/transfers/<uuid:agreement_id>/{word}",
            transfers.answer,
            {"word": word},
            name=f"desk_agreement_{word}",
        )
        for word in transfers.ANSWERS
    ],
    path("desk/plans", rounds.plans, name="desk_plans"),
    path("desk/plans/run", rounds.run_plan, name="desk_run_plan"),
    path("desk/plans/<uuid:plan_id>", rounds.plan, name="desk_plan"),
    path("desk/plans/<uuid:plan_id>/stop", running.stop, name="desk_stop_plan"),
    path("desk/plans/<uuid:plan_id>/cancel", running.cancel, name="desk_cancel_plan"),
    path("desk/routes/<uuid:route_id>", routes.route, name="desk_route"),
    path("desk/routes/<uuid:route_id>/take-off", routes.take_off, name="desk_take_off"),
]
