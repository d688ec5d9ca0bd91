"""The reference: what a minimal Django view does for the same work, signed in by session and nothing else."""

import json

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from rest_framework.authentication import SessionAuthentication
from rest_framework.routers import SimpleRouter
from rest_framework.serializers import ModelSerializer
from rest_framework.viewsets import ModelViewSet

from bench.models import Item, Log, LogEntry, Movement


@login_required
def one_query(request: HttpRequest) -> HttpResponse:
    """One row by primary key."""
    del request
    item = Item.objects.get(pk=7)
    return JsonResponse({"id": item.pk, "name": item.name})


@csrf_exempt
@login_required
def session(request: HttpRequest) -> HttpResponse:
    """One log with eight entries in one transaction: look the plan up, insert the log, insert its rows."""
    body = json.loads(request.body)
    with transaction.atomic():
        items = Item.objects.in_bulk([told["item"] for told in body["entries"]])
        log = Log.objects.create(user=request.user, pain=body["pain"], note=body["note"])
        LogEntry.objects.bulk_create(
            LogEntry(log=log, item=items[told["item"]], done=told["done"], sets=told["sets"], reps=told["reps"])
            for told in body["entries"]
        )
    return JsonResponse({"id": log.pk}, status=201)


class MovementSerializer(ModelSerializer[Movement]):
    """Every column, as it comes."""

    class Meta:
        model = Movement
        fields = "__all__"


class Movements(ModelViewSet[Movement]):
    """The list as REST framework's tutorial has it, in the order of the names."""

    queryset = Movement.objects.order_by("name")
    serializer_class = MovementSerializer
    authentication_classes = (SessionAuthentication,)


router = SimpleRouter()
router.register("movements", Movements)
urlpatterns = [path("one/", one_query), path("session/", session), path("", include(router.urls))]
