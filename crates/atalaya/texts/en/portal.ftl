## The frame of every page
to-content = To the content
nav-main = Main
nav-menu = Menu
nav-report = Report an incident
nav-sealed = Report sealed
nav-sealed-tor = Tor Browser opens this address
nav-status = Follow a report
nav-login = Log in
nav-member = Your organisation
nav-console = Console
nav-yours = Your menu
nav-logout = Log out
fallback = This page is not yet in { $language }. You see it in English.

## When something goes wrong
error-home = Back to the start
error-not-found-title = There is nothing here
error-not-found-text = The address may be wrong, or what stood here is not for you to see. If you followed a link from us, check that it is complete.
error-log-in-title = Please log in
error-log-in-text = You are not logged in, or your session has ended. Log in, then try again.
error-invalid-title = We could not take this
error-invalid-text = Nothing was changed. Go back in your browser, what you typed is still there.
error-conflict-title = This is not possible now
error-conflict-text = Nothing was changed. Go back to the page and load it again to see how things stand.
error-barred-title = Only the addressee can do this
error-barred-text = You are logged in as one of the team, which answers for nobody. Write down what you heard in the case instead; to see the page as the addressee does, use a private window.
error-overtaken-title = Somebody else was faster
error-overtaken-text = It was changed at the very same moment, so nothing of yours was changed. Try once more.
error-too-many-title = Too many tries
error-too-many-text = Wait a few minutes, then try again. Nothing was lost.
error-full-title = We cannot keep anything new at the moment
error-full-text = Our storage is full. What we have kept is safe. Please write to us by mail or try again later.
error-away-title = Our database does not answer at the moment
error-away-text = Nothing that we confirmed is lost. We are trying to reach it again; please try once more in a moment.
error-unanswered-title = Events cannot be looked up at the moment
error-unanswered-text = What is stored is safe. Where the events lie, or what answers questions about them, is not reached or could not answer this. Ask again in a moment, or for fewer days.
error-retry = Ask again
error-typed = What you typed is kept on this page. Leave it open and send it again from here.
error-typed-log-in = What you typed is kept on this page. Leave it open: log in in another tab, then come back here and send it again.
error-words = What you wrote
error-files = Choose the files again, if there were any
error-again = Send it again
error-fault-title = Something went wrong on our side
error-fault-text = Nothing that we confirmed is lost. Please try again in a moment; if it stays, write to us.

## Dates: seven weekdays from Monday and twelve months, with a comma between
date-weekdays = Mon, Tue, Wed, Thu, Fri, Sat, Sun
date-months = January, February, March, April, May, June, July, August, September, October, November, December
date-full = { $weekday } { $day } { $month } { $year }, { $time } ({ $zone })
date-brief = { $weekday } { $day } { $month } { $year }, { $time }
date-day = { $weekday } { $day } { $month } { $year }
error-said-other-site = This form was sent from another site; open it here and send it again.
error-said-too-much = This is more than we can take at once.
error-said-too-large = These files are larger than we can take.
error-said-broken = It did not arrive whole; nothing of it was kept. Please send it again.
error-said-answered = This was answered meanwhile. Read the answer that stands here now, then send yours if it still holds.
error-said-button = Please use the form's own button.
