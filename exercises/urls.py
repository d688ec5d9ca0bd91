"""Doors of the library."""

from django.urls import path

from exercises import api, urls_editor
from exercises.views import compare, education, exchange, favourites, library, media, protocols, updates

app_name = "exercises"
urlpatterns = [
    path("library/", library.Library.as_view(), name="library"),
    path("library/compare/", compare.Compare.as_view(), name="compare"),
    path("library/<uuid:pk>/", library.ExercisePage.as_view(), name="exercise"),
    path("library/<uuid:pk>/favourite/", favourites.Star.as_view(), name="favourite"),
    path("library/<uuid:pk>/media/", media.ExerciseMediaPage.as_view(), name="media"),
    path("library/media/<uuid:media>/", media.MediaFile.as_view(), name="media_file"),
    path("library/media/<uuid:media>/remove/", media.RemoveMedia.as_view(), name="media_remove"),
    path("library/protocols/", protocols.Protocols.as_view(), name="protocols"),
    path("library/protocols/<uuid:pk>/", protocols.ProtocolPage.as_view(), name="protocol"),
    path("library/education/", education.Education.as_view(), name="education"),
    path("library/education/<uuid:pk>/", education.Card.as_view(), name="card"),
    path("library/faq/", education.Questions.as_view(), name="faq"),
    path("library/updates/", updates.Updates.as_view(), name="updates"),
    path("library/files/", exchange.Files.as_view(), name="files"),
    path("library/files/import/", exchange.Import.as_view(), name="import"),
    path("library/files/<str:name>", exchange.Export.as_view(), name="export"),
    path("api/v1/exercises/", api.ExerciseList.as_view(), name="api_list"),
    *urls_editor.urlpatterns,
]
