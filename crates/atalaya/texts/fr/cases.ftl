## Autour de chaque message à une partie
letter-label = { $label } - { $meaning }
letter-number = Notre numéro : { $number }
letter-recommendations = Nos recommandations
letter-reply-mail = Répondez simplement à ce courriel, et laissez le numéro dans l'objet. Ou lisez et répondez sur votre page :
letter-reply-page = Lisez et répondez sur votre page, s'il vous plaît :
letter-reply-only = Répondez simplement à ce courriel, et laissez le numéro dans l'objet.
letter-report = Votre signalement : { $number }
letter-follow-mail = Répondez simplement à ce courriel, et laissez le numéro dans l'objet. Ou suivez votre signalement et répondez sur sa page :
letter-follow-page = Lisez et répondez sur la page de votre signalement, s'il vous plaît :
not-binding = Ce sont des recommandations, pas des ordres : c'est vous qui décidez.
tlp-clear = peut être partagé librement.
tlp-green = pour votre communauté, pas pour le public.
tlp-amber = pour votre organisation et ceux de ses clients qui ont besoin de le savoir.
tlp-amber-strict = pour votre organisation seulement.
tlp-red = pour vous seul ; ne le transmettez pas.
tlp-clear-person = vous pouvez le transmettre à tout le monde.
tlp-green-person = vous pouvez le transmettre à des personnes que cela aide ; ne le publiez pas, s'il vous plaît.
tlp-amber-person = pour vous ; ne le transmettez qu'à des personnes qui en ont besoin pour se protéger.
tlp-amber-strict-person = pour vous ; ne le transmettez qu'à des personnes avec qui vous vivez ou travaillez et qui en ont besoin pour se protéger.
tlp-red-person = pour vous seul ; ne le montrez à personne d'autre, s'il vous plaît.

## Recommandations
recommendation-operational = opérationnelle
recommendation-best-practice = bonne pratique
recommendation-wish = Nous aimerions que ce soit fait au plus tard le { $day }.
recommendation-answer-here = Dites-nous ce que vous décidez :

## Avis d'un message qui se lit sur la page
notice-subject = Un message pour vous
notice-body =
    Il y a un nouveau message pour vous au sujet de { $number }.

    Sa marque ne nous permet pas de l'envoyer par courriel ouvert. Lisez-le sur votre page, s'il vous plaît :
notice-body-bare =
    Il y a un nouveau message pour vous au sujet de { $number }.

    Sa marque ne permet d'envoyer par courriel ouvert ni le message, ni un lien vers lui. Si vous avez un compte chez nous, connectez-vous pour le lire. Sinon, appelez-nous, ou répondez à ce courriel sans rien dire de l'affaire, et nous vous dirons comment y accéder.

## Modèles
template-answer-reporter-subject = Au sujet de votre signalement
template-answer-reporter-body =
    Bonjour,

    Merci pour votre signalement { $number } du { $day }. Nous l'avons lu, et nous y travaillons avec les personnes qui peuvent résoudre le problème.

    Nous vous écrirons de nouveau dès qu'il y aura du nouveau, ou quand nous aurons besoin de quelque chose de vous. D'ici là, vous n'avez rien à faire.

    Si vous le revoyez, ou si vous apprenez quelque chose de nouveau, répondez simplement.
template-how-it-ended-subject = Comment votre signalement s'est terminé
template-how-it-ended-body =
    Bonjour,

    Nous avons terminé notre travail sur votre signalement { $number } du { $day }. Voici comment cela s'est terminé :

    { $outcome }

    Merci de nous l'avoir dit : cela en aide d'autres aussi. Si cela se reproduit, ou si vous apprenez quelque chose de nouveau, répondez simplement. Une personne le lit et, s'il reste à faire, reprend votre signalement sous le même numéro.
ended-open = [Dites ici comment cela s'est terminé.]
ended-resolved = La cause a disparu. Pour autant que nous sachions, elle ne nuit plus à personne.
ended-mitigated = Le dommage est arrêté. La cause n'a peut-être pas tout à fait disparu, et nous la gardons à l'esprit.
ended-handed-over = Une autre équipe ou une autorité prend la suite.
ended-not-possible = Nous n'avons pas pu trouver de bonne fin.
template-ask-information-reporter-body =
    Bonjour,

    Merci pour votre signalement { $number } du { $day }. Nous y travaillons, et vous pouvez nous aider à mieux le comprendre.

    Pourriez-vous nous dire :
    - quand vous l'avez remarqué pour la première fois, et si cela continue ;
    - ce que vous avez vu ou reçu exactement : le texte, une adresse, une image de l'écran ;
    - ce que vous avez fait depuis.

    Si vous ne savez pas quelque chose, laissez-le simplement de côté. Ne nous envoyez pas de mots de passe, s'il vous plaît.
template-ask-consent-reporter-body =
    Bonjour,

    Pour résoudre plus vite votre signalement { $number }, il serait utile de pouvoir dire à d'autres personnes concernées qui vous êtes. Jusqu'ici, nous ne l'avons dit à personne.

    Pouvons-nous dire qui vous êtes, et transmettre ce que vous nous avez écrit ? Dites-nous, s'il vous plaît, à qui, pour quoi, et jusqu'à quand. Vous pouvez aussi dire non, et revenir sur votre accord à tout moment.
template-forward-answer-reporter-body =
    Bonjour,

    Au sujet de votre signalement { $number }, une autre partie concernée nous a dit ce qui suit, que nous transmettons avec ses mots. Les noms, adresses et numéros par lesquels nous la connaissons ont été retirés.

    { $quoted }

    Si vous voulez répondre, écrivez-nous ; nous le transmettrons de la même façon.
template-ask-information-bare-body =
    Chers collègues,

    Nous coordonnons un incident sous le numéro { $number } et avons besoin de votre aide pour le comprendre.

    Pourriez-vous nous dire :
    - ce que vous voyez de votre côté, et depuis quand ;
    - si vous connaissez la cause ;
    - ce que vous avez déjà fait, et ce que vous prévoyez ;
    - à qui nous pouvons parler directement.

    Ce qui nous aide le plus, ce sont des heures avec leur fuseau. Merci.
template-notify-source-bare-body =
    Chers collègues,

    Nous avons reçu des signalements d'une activité nuisible qui vient de vos systèmes.

    Il se peut fort bien que ces systèmes soient détournés à votre insu. Regardez, s'il vous plaît, et dites-nous ce que vous trouvez.
template-notify-target-bare-body =
    Chers collègues,

    Nous avons appris des attaques contre vos systèmes.

    Vérifiez, s'il vous plaît, si vous êtes touchés, et dites-nous comment cela va et si vous avez besoin d'aide.
template-ask-information-subject = Demande d'informations
template-ask-information-body =
    Chers collègues,

    Nous coordonnons un incident sous le numéro { $number } et avons besoin de votre aide pour le comprendre. De votre côté, il s'agit de :

    { $rows }

    Pourriez-vous nous dire :
    - ce que vous y voyez, et depuis quand ;
    - si vous connaissez la cause ;
    - ce que vous avez déjà fait, et ce que vous prévoyez ;
    - à qui nous pouvons parler directement.

    Ce qui nous aide le plus, ce sont des heures avec leur fuseau. Merci.
template-notify-source-subject = Trafic nuisible depuis votre réseau
template-notify-source-body =
    Chers collègues,

    Nous avons reçu des signalements d'une activité nuisible qui vient de vos systèmes :

    { $rows }

    Il se peut fort bien que ces systèmes soient détournés à votre insu. Regardez, s'il vous plaît, et dites-nous ce que vous trouvez.
template-notify-target-subject = Attaques contre vos systèmes
template-notify-target-body =
    Chers collègues,

    Nous avons appris des attaques contre vos systèmes :

    { $rows }

    Vérifiez, s'il vous plaît, si vous êtes touchés, et dites-nous comment cela va et si vous avez besoin d'aide.
template-ask-consent-subject = Pouvons-nous vous nommer ?
template-ask-consent-body =
    Chers collègues,

    Pour résoudre plus vite { $number }, il serait utile de pouvoir dire à d'autres parties concernées qui vous êtes. Jusqu'ici, nous ne vous avons nommés à personne.

    Pouvons-nous nommer votre organisation, et transmettre les adresses en cause ? Dites-nous, s'il vous plaît, à qui, pour quoi, et jusqu'à quand. Vous pouvez revenir sur votre accord à tout moment.
template-forward-answer-subject = Une réponse à votre question
template-forward-answer-body =
    Chers collègues,

    Une autre partie nous a dit ce qui suit, que nous transmettons avec ses mots. Les noms, adresses et numéros par lesquels nous la connaissons ont été retirés.

    { $quoted }

    Envoyez-nous votre réponse, s'il vous plaît ; nous la transmettrons de la même façon.
template-closing-subject = Nous fermons cet incident
template-closing-body =
    Chers collègues,

    De notre côté, { $number } est résolu, et nous le fermons. Merci de votre aide.

    Si quelque chose revient, répondez simplement : nous le reprendrons sous le même numéro.
held-back = [retiré]
