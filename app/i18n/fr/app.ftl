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
health-label = État de l’image
health-blind = Caméra aveugle
health-blind-about = Image noire, blanche ou masquée : rien n’est surveillé.
health-blurred = Image floue
health-blurred-about = Des personnes peuvent échapper à l’analyse.
health-frozen = Image figée
health-frozen-about = La même image revient : rien n’est surveillé.
health-moved = Vue déplacée
health-moved-about = Les zones ne sont plus à leur place ; leur surveillance est suspendue.
health-low-light = Trop sombre
health-low-light-about = Des personnes peuvent échapper à l’analyse.
health-in-motion = Caméra en mouvement
health-in-motion-about = La surveillance des zones est suspendue.
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
zones-label = Zones et lignes de cette caméra
zones-first = Dessiner une zone ou une ligne
zones-more = Ajouter
zone-draw = Dessiner une zone interdite
line-draw = Tracer une ligne
direction-draw = Dessiner une zone à sens
density-draw = Dessiner une zone à densité
zone-kinds = Que voulez-vous dessiner ?
kind-forbidden = Zone interdite
kind-line = Ligne
kind-direction = Sens de circulation
kind-density = Densité
zone-default-name = Zone { $number }
line-default-name = Ligne { $number }
direction-default-name = Sens { $number }
density-default-name = Densité { $number }
zone-editor-label = Dessin sur l’image
zone-name = Nom
zone-dwell = Présence (s)
zone-limit = Limite
zone-limit-unit = Comptée en
zone-limit-per-m2 = personnes/m²
zone-limit-persons = personnes
zone-per-m2 = { $limit }/m²
zone-persons = { $count } pers.
line-switch = Changer le côté interdit
crossing-both = Interdite dans les deux sens
crossing-to-right = Interdite de gauche à droite
crossing-to-left = Interdite de droite à gauche
direction-turn = Tourner la flèche
direction-left = Tourner la flèche vers la gauche
direction-right = Tourner la flèche vers la droite
zone-secs = { $secs } s
zone-save = Enregistrer
zone-cancel = Abandonner
zone-undo = Annuler le dernier geste
zone-change = Modifier { $name }
zone-remove = Supprimer { $name }
zone-hint-start = Touchez l’image pour poser les sommets, ou tirez un rectangle.
zone-hint-close = Touchez le premier sommet pour fermer, ou enregistrez.
zone-hint-ready = Les sommets se déplacent encore. Un signalement part quand une personne y reste le temps indiqué.
line-hint-start = Touchez l’image aux deux bouts de la ligne, ou tirez-la d’un trait.
line-hint-end = Touchez l’image à l’autre bout.
line-hint-ready = Les flèches montrent le passage interdit ; touchez le milieu de la ligne pour le changer.
direction-hint-arrow = Tirez une flèche dans la zone : le sens commun de circulation.
direction-hint-ready = Un signalement part quand une personne ou un véhicule va contre la flèche.
density-hint-ready = Un signalement part quand la zone contient plus de personnes que la limite.
zone-problem-name = Donnez un nom.
zone-problem-dwell = Le temps de présence va de 0 à 3600 secondes.
zone-problem-limit = La limite va de 0 à 10 personnes par m².
zone-problem-persons = La limite est un nombre entier, de 1 à 10 000 personnes.
line-problem-short = La ligne est trop courte.
zone-problem-few =
    Encore { $left ->
        [one] { $left } sommet
       *[other] { $left } sommets
    } au moins.
zone-problem-many = Trop de sommets : 64 au plus.
zone-problem-crossing = Les côtés se croisent : déplacez un sommet ou annulez le dernier.
zone-problem-small = La zone est trop petite.
zone-problem-outside = Un sommet est hors de l’image.
## Situations
situations-open = Situations surveillées et réglages
situations-title = Situations surveillées – { $camera }
situation-on = Surveillée
situation-off = Non surveillée
situation-unseen = Le réseau de cette version ne la reconnaît pas encore : aucun signalement n’arrivera.
situation-drawn =
    { $count ->
        [0] Rien de dessiné
        [one] { $count } tracé
       *[other] { $count } tracés
    }
about-abandoned-object = Un sac ou un colis reste sur place après le départ de son porteur.
about-weapon = Une arme à feu ou une arme blanche est portée ou brandie.
about-wrong-way = Une personne ou un véhicule va contre le sens commun d’une zone.
about-zone-intrusion = Une personne entre ou reste dans une zone interdite, ou franchit une ligne.
about-person-down = Une personne debout tombe et reste au sol.
about-crowd-movement = Une foule court, se disperse, converge, se heurte ou se resserre soudain.
about-crowd-density = Une zone contient plus de personnes que permis.
about-fire = Des flammes ou de la fumée, dès les premières secondes.
threshold-abandoned-object = laissé depuis
threshold-person-down = au sol depuis
threshold-crowd-movement = pendant
threshold-score = confiance d’au moins
threshold-seconds = s
threshold-percent = %
threshold-range = De { $least } à { $most } { $unit }
rule-in-zone = { $event } « { $name } »
rule-whole = { $event }, image entière
rule-threshold = { $threshold } { $value } { $unit }
rule-settings = {" "}({ $settings })
fault-in = « { $name } » : { $fault }
fault-calibration = Le calage au sol n’est pas utilisable, rien n’est mesuré en mètres : { $why }
fault-too-many = seuls les { $most } premiers sont pris en compte.
fault-horizon = une partie touche l’horizon ou le ciel : dessinez-la sur le sol.
fault-few-pixels = au bord le plus éloigné, une personne mesure { $found } pixels ; il en faut { $needed }. Rapprochez ce bord ou zoomez.
fault-vague = les distances y sont connues à { $error } % près seulement : ajoutez des points de calage autour.
fault-line-short = la ligne est trop courte : on passe à côté.
fault-line-outside = un bout de la ligne est hors de l’image.
fault-no-direction = aucun sens n’est donné : dessinez une flèche.
fault-arrow = une flèche n’a pas de longueur : redessinez-la.
fault-every-way = ses sens permettent tous les passages : personne ne peut aller contre.
fault-nobody = ni les personnes ni les véhicules ne sont choisis : aucun signalement n’est possible.
file-title = Fichier de réglages
file-about = Tous les réglages de cette caméra : zones, lignes, situations et seuils. Le même fichier sert à rejouer une vidéo hors du poste.
file-save = Enregistrer
file-load = Charger…
file-not-loaded = Le fichier n’est pas chargé.
file-nothing-changed = Les réglages en place n’ont pas changé.
file-too-large = Il dépasse 1 Mo.
file-not-json = Il n’est pas au format JSON : ligne { $line }, colonne { $column }.
file-not-settings = Ce ne sont pas les réglages d’une caméra : { $why }
file-shape = La zone « { $name } » n’est pas valable. { $reason }
file-zones-full = Il contient plus de { $most } zones.
file-rules-full = Il contient plus de { $most } règles.

## Queue, signal, answer
queue-label = File des signalements
queue-title = Signalements
queue-waiting = { $count } à traiter
queue-elsewhere = { $count } ailleurs
queue-calm = Rien à signaler
queue-calm-hint = Un signalement apparaît ici dès qu’une situation surveillée se produit : dans une zone dessinée, ou sur l’image entière.
queue-no-zone = Aucune situation surveillée – dessinez une zone
queue-no-zone-hint = Aucun signalement ne peut arriver tant qu’aucune caméra en direct n’a de zone ni de situation surveillée.
queue-blind = Aucune analyse en cours
queue-blind-hint = Aucun signalement ne peut arriver tant que le moteur ou les caméras ne fonctionnent pas.
queue-answered = Traités
place-zone = { $zone } · { $camera }
place-whole = { $camera } · image entière
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
detail-why = Pourquoi :
detail-elsewhere = Signalé par le poste « { $post } ». Lecture seule : seul ce poste y répond, et ses images n’en sortent pas.
detail-decided = à { $time }, en { $took } s
detail-reopen = Rouvrir
fact-since = Depuis
fact-raised = Signalé à
fact-dwell = Présence
fact-lasted = Durée
fact-score = Confiance
fact-engine = Analyse
fact-record = Registre
fact-synced = reçu par le relais
fact-unsynced = écrit ici
fact-received = reçu d’un autre poste
why-and = {", "}
why-error = {" "}(± { $value })
why-needed = { $value } s demandées
why-person = une personne
why-vehicle = un véhicule
why-bag = un bagage
why-moving-object = un objet en mouvement
why-run = course
why-dispersal = dispersion
why-convergence = convergence
why-counter-flow = flux contraires
why-bottleneck = resserrement
why-handgun = arme de poing
why-long-gun = arme longue
why-knife = arme blanche
why-flame = flammes
why-smoke = fumée
why-flame-secs = flammes depuis { $value } s
why-smoke-secs = fumée depuis { $value } s
why-growth = surface multipliée par { $value }
why-left-to-right = franchissement de gauche à droite
why-right-to-left = franchissement de droite à gauche
why-speed = { $value } m/s
why-dwell = présence de { $value } s
why-seen-entering = entrée observée
why-lengths = { $value } fois sa longueur à contresens
why-metres = { $value } m à contresens
why-learnt = sens appris
why-unattended = sans surveillance depuis { $value } s
why-seen-leaving = départ du porteur observé
why-left-metres = porteur à { $value } m
why-width = { $value } m de large
why-lain = au sol depuis { $value } s
why-still = immobile depuis { $value } s
why-people = { $value } personnes
why-people-in-area = sur { $value } visibles
why-held = depuis { $value } s
why-persons = { $value } personnes comptées
why-per-m2 = { $value } par m²
why-limit-per-m2 = limite { $value } par m²
why-limit-persons = limite { $value } personnes
why-above = dépassée depuis { $value } s
why-area = zone de { $value } m²
why-at-least = au moins (comptage saturé)
why-too-small = { $value } % de la zone trop éloignée pour compter
why-unseen-motion = { $value } % du mouvement non compté
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
undo-zone = { $name } supprimée.
undo-settings = Réglages remplacés par ceux du fichier.
undo-drawing = Dessin abandonné.

## Notices of the runtime
notice-camera-impossible = La caméra ne peut pas être ouverte : { $reason }
notice-webcam-refused = Accès à la webcam refusé. Autorisez-la dans le navigateur, puis réessayez.
notice-zone-invalid = La zone n’est pas valable : { $reason }
notice-zones-full = Cette caméra a déjà { $most } zones, le maximum possible.
notice-rules-full = Cette caméra a déjà { $most } règles, le maximum possible.
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
engine-motion = Mouvement
engine-motion-device = WebGPU, { $apart } % d’écarts (admis { $tolerance } %)
engine-motion-refused = Processeur : { $why }
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
record-type-camera-restored = Image revenue
record-type-zone-saved = Zone
record-type-zone-removed = Zone supprimée
record-type-rule-saved = Règle
record-type-rule-removed = Règle retirée
record-type-settings-loaded = Réglages chargés
record-type-signal-vetoed = Signalement écarté
record-type-health-began = Image dégradée
record-type-health-ended = Image rétablie
record-type-engine-ready = Moteur
record-type-engine-fault = Panne du moteur
record-type-post-started = Poste
record-type-unknown = Inconnu
record-post-started = Le poste « { $name } » a démarré (version { $software }).
record-signal-raised = { $event } : { $place }, présence de { $dwell } s.
record-signal-why = { $event } : { $place } – { $why }.
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
record-rule-saved = { $rule } : réglage enregistré sur « { $camera } »{ $settings }.
record-rule-removed = { $rule } : n’est plus surveillé sur « { $camera } ».
record-settings-loaded =
    Réglages de « { $camera } » chargés d’un fichier : { $zones ->
        [one] { $zones } zone
       *[other] { $zones } zones
    }, { $rules ->
        [one] { $rules } règle
       *[other] { $rules } règles
    }.
record-signal-vetoed = { $event } écarté : { $place } – { $veto }.
record-unwritten =
    {" "}{ $count ->
        [one] { $count } autre du même motif n’est pas listé.
       *[other] { $count } autres du même motif ne sont pas listés.
    }
record-health-began = « { $camera } » : { $state }.
record-health-ended = « { $camera } » : { $state }, terminé après { $secs } s.
veto-camera-motion = la caméra bouge
veto-flow-disagrees = le mouvement de l’image ne va pas dans ce sens
veto-furniture = l’objet était déjà là
veto-no-carrier = personne ne l’a apporté
veto-light = ombre ou lumière
veto-reflection = reflet
veto-uncovered = un objet a été enlevé, non déposé
veto-person = c’est une personne immobile
veto-vehicle = c’est un véhicule, ou quelqu’un à son bord
veto-size = taille hors limites
veto-raised = la personne est allongée plus haut que le sol
veto-leaving-below = la personne sort par le bas de l’image
veto-there-before = ce qui est au sol y était déjà
veto-steady = lumière qui ne vacille pas
veto-beacon = gyrophare ou clignotant
veto-moving = lumière qui se déplace d’un bloc
veto-nobody-near = personne à proximité
veto-fixed = objet fixe
record-engine-ready = Moteur { $engine } prêt : { $adapter }, { $model }.
record-engine-flow = {" "}Il mesure aussi le mouvement.
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
keys-send = Envoyer la réponse ; fermer ou enregistrer le dessin
keys-back = Revenir d’un pas ; abandonner le dessin
keys-draw = Dessiner une zone
keys-undo-corner = Annuler le dernier geste du dessin
keys-turn = Changer le côté interdit d’une ligne, tourner une flèche
keys-sheet = Cette aide
key-enter = Entrée
key-escape = Échap
key-backspace = Retour arrière
