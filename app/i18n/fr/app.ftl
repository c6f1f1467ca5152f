# Textes de l’interface. Mêmes messages, dans le même ordre, que le fichier anglais.

## The frame of the page
brand = Vigie
page-title = Vigie – poste de supervision
page-title-waiting =
    ({ $count }) { $count ->
        [one] signalement
       *[other] signalements
    } – Vigie
nav-label = Vues
nav-live = Direct
nav-record = Registre
close = Fermer
undo = Annuler
unknown = –
lang-label = Langue
lang-french = Français
lang-english = English
post-name = Nom du poste
post-rename = Renommer ce poste
post-unnamed = Poste sans nom
sound-on = Son activé
sound-off = Son coupé
sound-locked = Le son attend un premier appui ou une touche
unit-seconds = { $secs } s
unit-ms = { $value } ms
unit-percent = { $value } %

## Relay and journal
relay-connecting = Connexion au relais
relay-online = Relais connecté
relay-offline = Relais injoignable
relay-refused = Refusé par le relais
relay-title = { $state } – version { $version }
relay-pending =
    { $count ->
        [one] { $count } écriture en attente
       *[other] { $count } écritures en attente
    }
storage-opening = Ouverture du journal
storage-ok = Journal enregistré durablement dans ce navigateur
storage-fragile = Journal enregistré ; le navigateur pourrait l’effacer s’il manque de place
storage-failed = Le journal ne peut plus être écrit
storage-closed = Le journal ne s’ouvre pas
storage-none = Pas de journal
storage-other-tab = Le poste tourne dans un autre onglet
storage-entries =
    { $count ->
        [one] { $count } écriture
       *[other] { $count } écritures
    }
banner-demo = Démonstration – cette machine uniquement
banner-offline = Relais injoignable depuis { $time }.
banner-offline-text =
    Ce poste travaille seul ; { $count ->
        [0] aucune écriture n’attend
        [one] { $count } écriture attend
       *[other] { $count } écritures attendent
    }. Rien n’est perdu : tout partira au retour du relais.
banner-refused = Le relais refuse les écritures de ce poste.
banner-refused-text = Sa copie du journal diffère de la nôtre. Le poste continue d’enregistrer ici ; prévenez le responsable.
banner-storage = Le journal ne s’écrit ou ne se lit pas comme il faut.
banner-storage-text = Les signalements s’affichent quand même. Libérez de la place sur le disque, puis rechargez la page.
banner-other-tab = Ce poste est déjà ouvert dans un autre onglet.
banner-other-tab-text = Cet onglet attend : il n’analyse et n’enregistre rien. Fermez l’autre onglet pour reprendre ici.
banner-engine = Analyse interrompue : aucun moteur ne fonctionne –
banner-engine-details = Détails
standby-other-tab = Cet onglet attend : le poste tourne dans un autre onglet.
standby-other-tab-text = Les caméras, les signalements et le registre sont dans l’autre onglet. Fermez-le pour reprendre ici.
standby-journal = Cet onglet attend : le journal ne s’ouvre pas.
standby-journal-text = Sans journal, ce poste n’analyse et n’enregistre rien. Il réessaie de lui-même ; si cela dure, libérez de la place sur le disque et rechargez la page.
standby-opening = Cet onglet attend : ouverture du journal…
standby-opening-text = L’analyse commence ensuite.

## Wall and cameras
wall-label = Mur de caméras
wall-drop = Déposez la vidéo pour l’ajouter au mur
camera-add = Ajouter une caméra
camera-add-short = Caméra
camera-connecting = Connexion
camera-live = Direct
camera-stalled = Image figée
camera-reconnecting = Reconnexion
camera-ended = Arrêtée
tile-label = Caméra { $camera }, { $state }
tile-age = analysée il y a { $secs } s
tile-not-analysed = pas encore analysée
tile-rate = { $rate } img/s
tile-frames = Images : { $seen } reçues, { $analysed } analysées, { $dropped } sautées
tile-persons =
    { $count ->
        [one] { $count } personne
       *[other] { $count } personnes
    }
tile-persons-unknown = Nombre de personnes inconnu
tile-expand = Agrandir
tile-shrink = Revenir au mur
tile-close = Retirer du mur
veil-connecting = Connexion à la caméra…
veil-stalled = Pas de nouvelle image depuis { $secs } s
veil-lost = Image perdue
veil-attempt = Essai { $attempt } dans { $secs } s
veil-retry = Réessayer maintenant
veil-ended = L’image de cette source ne parvient plus
veil-again = Reprendre
empty-title = Le mur est vide
empty-demo = Une vraie vidéo de démonstration vous attend : ouvrez-la, dessinez une zone, et voyez arriver un signalement.
empty-offered = Le relais propose ces caméras.
empty-none-offered = Le relais ne propose pas encore de caméra. Ajoutez une adresse, un fichier vidéo ou la webcam.
empty-open-all = Tout ouvrir
empty-other = Autre source…
empty-locality = Les images restent dans ce navigateur.

## Adding a camera
add-title = Ajouter une caméra
add-offered = Proposées par le relais
add-open = Ouvrir
add-open-already = déjà sur le mur
add-whep = Passerelle vidéo (WHEP)
add-whep-url = Adresse
add-server-offers = La passerelle fait l’offre (Janus)
add-local = Sur cette machine
add-file = Fichier vidéo
add-file-hint = ou déposez-le sur le mur
add-webcam = Webcam
add-webcam-hint = la caméra de cet appareil
add-webcam-name = Webcam

## Zones
zones-label = Zones de cette caméra
zones-first = Dessiner une zone
zones-more = Zone
zone-draw = Dessiner une zone
zone-default-name = Zone { $number }
zone-editor-label = Dessin d’une zone
zone-name = Nom
zone-dwell = Présence (s)
zone-secs = { $secs } s
zone-save = Enregistrer
zone-cancel = Abandonner
zone-undo = Annuler le dernier sommet
zone-change = Modifier la zone { $name }
zone-remove = Supprimer la zone { $name }
zone-hint-start = Touchez l’image pour poser les sommets, ou tirez un rectangle.
zone-hint-close = Touchez le premier sommet pour fermer, ou enregistrez.
zone-hint-ready = Les sommets se déplacent encore. Un signalement part quand une personne y reste le temps indiqué.
zone-problem-name = Donnez un nom à la zone.
zone-problem-dwell = Le temps de présence va de 0 à 3600 secondes.
zone-problem-few =
    Encore { $left ->
        [one] { $left } sommet
       *[other] { $left } sommets
    } au moins.
zone-problem-many = Trop de sommets : 64 au plus.
zone-problem-crossing = Les côtés se croisent : déplacez un sommet ou annulez le dernier.
zone-problem-small = La zone est trop petite.
zone-problem-outside = Un sommet est hors de l’image.

## Queue, signal, answer
queue-label = File des signalements
queue-title = Signalements
queue-waiting = { $count } à traiter
queue-elsewhere = { $count } ailleurs
queue-calm = Rien à signaler
queue-calm-hint = Un signalement apparaît ici dès qu’une personne reste dans une zone plus longtemps que permis.
queue-no-zone = Aucune zone surveillée – dessinez une zone
queue-no-zone-hint = Aucun signalement ne peut arriver tant qu’aucune caméra en direct n’a de zone.
queue-blind = Aucune analyse en cours
queue-blind-hint = Aucun signalement ne peut arriver tant que le moteur ou les caméras ne fonctionnent pas.
queue-answered = Traités
place-zone = { $zone } · { $camera }
event-abandoned-object = Objet abandonné
event-weapon = Arme
event-wrong-way = Contresens
event-zone-intrusion = Intrusion en zone
event-person-down = Personne au sol
event-crowd-movement = Mouvement de foule
event-crowd-density = Densité excessive
event-fire = Départ de feu
detail-label = Signalement sélectionné
detail-close = Fermer le signalement
detail-elsewhere = Signalé par le poste « { $post } ». Lecture seule : seul ce poste y répond, et ses images n’en sortent pas.
detail-decided = à { $time }, en { $took } s
detail-reopen = Rouvrir
fact-since = Depuis
fact-raised = Signalé à
fact-dwell = Présence
fact-score = Confiance
fact-engine = Analyse
fact-record = Registre
fact-synced = reçu par le relais
fact-unsynced = écrit ici
fact-received = reçu d’un autre poste
loop-label = Boucle des secondes précédentes
loop-loading = Lecture de la boucle…
loop-missing = Pas encore de boucle pour ce signalement
loop-none = Aucune boucle n’a été gardée pour ce signalement
loop-play = Lire
loop-pause = Pause
loop-back = Image précédente
loop-on = Image suivante
loop-before = −{ $secs } s
answer-label = Répondre au signalement
verb-confirm = Confirmer
verb-lift-doubt = Lever le doute
answered-confirm = Confirmé
answered-lift-doubt = Doute levé
reasons-label = Motif
reason-team-sent = Équipe envoyée
reason-under-watch = Sous surveillance
reason-already-handled = Déjà pris en charge
reason-authorised = Présence autorisée
reason-ended = Situation terminée
reason-false-detection = Fausse détection
reason-not-relevant = Sans intérêt pour la sécurité
reason-other = Autre – à préciser
note-label = Remarque
note-optional = Remarque (facultative)
note-required = Précisez le motif
answer-back = Retour
answer-send = Envoyer
undo-answer = { $answer }.
undo-zone = Zone { $name } supprimée.
undo-drawing = Dessin abandonné.

## Notices of the runtime
notice-camera-impossible = La caméra ne peut pas être ouverte : { $reason }
notice-webcam-refused = Accès à la webcam refusé. Autorisez-la dans le navigateur, puis réessayez.
notice-zone-invalid = La zone n’est pas valable : { $reason }
notice-zones-full = Cette caméra a déjà { $most } zones, le maximum possible.
notice-chain-broken = Le journal de ce navigateur est altéré à l’écriture { $entry } : { $reason }
notice-engine-fallback = Un moteur a été écarté ; { $engine } prend la suite : { $reason }
notice-engine-failed = Aucun moteur ne fonctionne : { $reason }
notice-storage-failed = Le journal ne peut plus être écrit. Les signalements s’affichent quand même.
notice-relay-refused = Le relais refuse les écritures de ce poste : { $reason }
notice-peer-altered = Le relais a transmis une écriture altérée d’un autre poste ; elle n’est pas affichée.

## Engine
engine-label = Moteur d’analyse
engine-idle = Moteur en attente
engine-starting = Démarrage
engine-starting-share = Démarrage { $value } %
engine-failed = Moteur en panne
engine-cpu = Processeur
engine-webgpu = WebGPU
engine-software = GPU logiciel
engine-fallback = Le moteur le plus rapide n’est pas utilisé : { $why }
engine-adapter = Adaptateur
engine-kind = Moteur
engine-model = Modèle
engine-input = Taille d’entrée
engine-p50 = Par image, médiane
engine-p95 = Par image, 95 %
engine-rate = Cadence
engine-self-test = Auto-test
engine-self-test-value = écart { $deviation } (admis { $tolerance }), { $ms } ms
engine-auto = Automatique
engine-auto-now = Automatique ({ $now })
stage-starting = Démarrage du moteur…
stage-device = Préparation de l’appareil…
stage-download = Chargement du modèle…
stage-load = Mise en place du modèle…
stage-self-test = Auto-test sur l’image de référence…
chain-sequence = une écriture manque, est en double ou n’est pas à sa place.
chain-predecessor = elle ne suit pas l’écriture qui la précède.
chain-altered = son contenu a été modifié.
chain-unreadable = elle ne peut pas être lue.
failure-no-device = ce navigateur n’offre pas de GPU utilisable.
failure-device-lost = le GPU a été perdu.
failure-model-missing = le modèle n’a pas pu être chargé.
failure-model-corrupt = le fichier du modèle n’est pas celui attendu.
failure-self-test = l’auto-test a trouvé des résultats faux.
failure-bad-frame = une image n’a pas pu être lue.
failure-internal = une erreur interne s’est produite.
frames-label = Images
frames-camera = Caméra
frames-seen = Reçues
frames-analysed = Analysées
frames-dropped = Sautées
frames-age = Dernière
frames-all = Ensemble

## Record
record-label = Registre
record-filter = Type
record-all = Tout
record-time = Heure
record-post = Poste
record-number = N°
record-what = Fait
record-sync = Relais
record-hash = Empreinte
record-empty = Le registre est vide
record-empty-text = Chaque signalement, réponse, réglage et panne s’inscrira ici, dans une chaîne qui montre toute altération.
chain-head = Chaîne de ce poste : écriture { $seq }
chain-acknowledged = tout est reçu par le relais
sync-done = reçu
sync-waits = en attente
hash-copy = Copier l’empreinte entière
hash-copy-label = Copier l’empreinte qui commence par { $hash }
record-type-signal-raised = Signalement
record-type-signal-shown = Vu
record-type-signal-decided = Réponse
record-type-signal-reopened = Réouverture
record-type-camera-opened = Caméra ouverte
record-type-camera-closed = Caméra retirée
record-type-camera-lost = Image perdue
record-type-camera-restored = Image rétablie
record-type-zone-saved = Zone
record-type-zone-removed = Zone supprimée
record-type-engine-ready = Moteur
record-type-engine-fault = Panne du moteur
record-type-post-started = Poste
record-type-unknown = Inconnu
record-post-started = Le poste « { $name } » a démarré (version { $software }).
record-signal-raised = { $event } : { $place }, présence de { $dwell } s.
record-signal-shown = Le signalement a été affiché à l’opérateur.
record-signal-decided = { $answer } : { $reason }, en { $took } s.
record-about = { $place }, { $time }
record-more = Seules les { $count } écritures les plus récentes, tous postes confondus, sont listées ici.
record-note = {" "}« { $note } »
record-signal-reopened = La réponse a été retirée ; le signalement attend de nouveau.
record-camera-opened = L’analyse de « { $camera } » a commencé ({ $source }).
record-camera-closed = L’analyse de « { $camera } » a pris fin.
record-camera-lost = L’image de « { $camera } » ne parvient plus : { $cause }.
record-camera-restored = L’image de « { $camera } » est rétablie après { $secs } s.
record-zone-saved = Zone « { $name } » enregistrée sur « { $camera } », présence de { $dwell } s.
record-zone-removed = Une zone de « { $camera } » a été supprimée.
record-engine-ready = Moteur { $engine } prêt : { $adapter }, { $model }.
record-engine-fallback = {" "}Un moteur plus rapide est écarté : { $why }.
record-engine-fault = Le moteur a échoué : { $message }
record-unknown = Écriture d’une version plus récente de Vigie.
loss-stalled = image figée
loss-disconnected = connexion perdue
loss-refused = accès refusé
source-whep = flux réseau
source-file = fichier
source-webcam = webcam

## Keyboard
keys-title = Raccourcis clavier
keys-next = Signalement suivant
keys-previous = Signalement précédent
keys-confirm = Confirmer
keys-lift = Lever le doute
keys-reason = Choisir le motif
keys-send = Envoyer la réponse ; fermer ou enregistrer la zone
keys-back = Revenir d’un pas ; abandonner le dessin
keys-draw = Dessiner une zone
keys-undo-corner = Annuler le dernier sommet
keys-sheet = Cette aide
key-enter = Entrée
key-escape = Échap
key-backspace = Retour arrière
