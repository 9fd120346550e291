## Around every message to a party
letter-label = { $label } - { $meaning }
letter-number = Our number: { $number }
letter-recommendations = Our recommendations
letter-reply-mail = Simply answer this mail, and keep the number in the subject. Or read and answer on your page:
letter-reply-page = Please read and answer on your page:
letter-reply-only = Simply answer this mail, and keep the number in the subject.
letter-report = Your report: { $number }
letter-follow-mail = Simply answer this mail, and keep the number in the subject. Or follow your report and answer on its page:
letter-follow-page = Please read and answer on the page of your report:
not-binding = They are recommendations, not orders: what you do is yours to decide.
tlp-clear = may be shared freely.
tlp-green = for your community, not for the public.
tlp-amber = for your organisation and its clients who need to know.
tlp-amber-strict = for your organisation only.
tlp-red = for you alone; please do not hand it on.
tlp-clear-person = you may pass this on to anybody.
tlp-green-person = you may pass this on to people whom it helps; please do not publish it.
tlp-amber-person = for you; pass it on only to people who need it to protect themselves.
tlp-amber-strict-person = for you; pass it on only to people you live or work with who need it to protect themselves.
tlp-red-person = for you alone; please show it to nobody else.

## Recommendations
recommendation-operational = operational
recommendation-best-practice = best practice
recommendation-wish = We would welcome it by { $day }.
recommendation-answer-here = Tell us what you decide:

## Notice of a message that is read on the page
notice-subject = A message for you
notice-body =
    There is a new message for you about { $number }.

    It is marked so that we do not send it by open mail. Please read it on your page:
notice-body-bare =
    There is a new message for you about { $number }.

    It is marked so that neither it nor a link to it may go by open mail. If you have an account with us, log in to read it. Otherwise call us, or answer this mail without saying anything of the matter, and we will tell you how to reach it.

## Templates
template-answer-reporter-subject = About your report
template-answer-reporter-body =
    Hello,

    thank you for your report { $number } of { $day }. We have read it, and we are working on it together with those who can solve it.

    We will write to you again as soon as there is news, or when we need something from you. You need not do anything until then.

    If you see it again, or if you learn something new, simply answer.
template-how-it-ended-subject = How your report ended
template-how-it-ended-body =
    Hello,

    we have finished our work on your report { $number } of { $day }. This is how it ended:

    { $outcome }

    Thank you for telling us: it helps others, too. If it happens again, or if you learn something new, simply answer. A person reads it and, if there is more to do, takes it up again under the same number.
ended-open = [Say here how it ended.]
ended-resolved = The cause is gone. As far as we know, nobody is harmed by it any more.
ended-mitigated = The harm has been stopped. The cause may not be gone altogether, and we keep it in mind.
ended-handed-over = Another team or authority goes on with it.
ended-not-possible = We could not bring it to a good end.
template-ask-information-reporter-body =
    Hello,

    thank you for your report { $number } of { $day }. We are working on it, and you can help us to understand it better.

    Could you please tell us:
    - when you first noticed it, and whether it still goes on;
    - what exactly you saw or received: the text, an address, a picture of the screen;
    - what you have done since.

    If you do not know something, just leave it out. Please send us no passwords.
template-ask-consent-reporter-body =
    Hello,

    to solve your report { $number } faster it would help if we could tell others involved who you are. So far we have named you to nobody.

    May we say who you are, and pass on what you wrote to us? Please tell us to whom, for what, and until when. You may also say no, and you can take it back at any time.
template-forward-answer-reporter-body =
    Hello,

    about your report { $number } somebody else involved has told us the following, which we hand on in their words. Names, addresses and numbers by which we know them have been taken out.

    { $quoted }

    If you want to answer, write to us; we hand it on in the same way.
template-ask-information-bare-body =
    Dear colleagues,

    we coordinate an incident under the number { $number } and need your help to understand it.

    Could you please tell us:
    - what you see on your side, and since when;
    - whether you know the cause;
    - what you have done already, and what you plan;
    - whom we may speak to directly.

    Times with their zone help us most. Thank you.
template-notify-source-bare-body =
    Dear colleagues,

    we have had reports of harmful activity that comes from systems of yours.

    It may well be that these systems are misused without your knowledge. Please look into it and tell us what you find.
template-notify-target-bare-body =
    Dear colleagues,

    we have learnt of attacks on systems of yours.

    Please check whether you are affected, and tell us how you are and whether you need help.
template-ask-information-subject = Request for information
template-ask-information-body =
    Dear colleagues,

    we coordinate an incident under the number { $number } and need your help to understand it. On your side it concerns:

    { $rows }

    Could you please tell us:
    - what you see there, and since when;
    - whether you know the cause;
    - what you have done already, and what you plan;
    - whom we may speak to directly.

    Times with their zone help us most. Thank you.
template-notify-source-subject = Harmful traffic from your network
template-notify-source-body =
    Dear colleagues,

    we have had reports of harmful activity that comes from systems of yours:

    { $rows }

    It may well be that these systems are misused without your knowledge. Please look into it and tell us what you find.
template-notify-target-subject = Attacks on your systems
template-notify-target-body =
    Dear colleagues,

    we have learnt of attacks on systems of yours:

    { $rows }

    Please check whether you are affected, and tell us how you are and whether you need help.
template-ask-consent-subject = May we name you?
template-ask-consent-body =
    Dear colleagues,

    to solve { $number } faster it would help if we could tell others involved who you are. So far we have named you to nobody.

    May we name your organisation, and pass on the addresses concerned? Please tell us to whom, for what, and until when. You can take it back at any time.
template-forward-answer-subject = An answer to your question
template-forward-answer-body =
    Dear colleagues,

    another party has told us the following, which we hand on in its words. Names, addresses and numbers by which we know it have been taken out.

    { $quoted }

    Please send your answer to us; we hand it on in the same way.
template-closing-subject = We close this incident
template-closing-body =
    Dear colleagues,

    from our side { $number } is solved, and we close it. Thank you for your help.

    Should anything come up again, simply answer: we will take it up again under the same number.
held-back = [held back]
