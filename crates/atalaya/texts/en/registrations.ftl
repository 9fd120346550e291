## Registering for what stands in the calendar
registration-form = Register
registration-until = Registration closes { $when }.
registration-left = { $count ->
    [one] One place is left.
   *[other] { $count } places are left.
 }
registration-no-limit = There is room for everybody who registers.
registration-full = All places are taken. Whoever registers now goes onto the waiting list.
registration-waits = { $count ->
    [one] One person is waiting.
   *[other] { $count } people are waiting.
 }
registration-closed = Registration is closed.
registration-begun = It has begun.
registration-over = It is over.
registration-name = Your name
registration-address = Your mail address
registration-address-hint = We send you a mail with a link. Your place counts once you press the button there.
registration-organisation = Organisation
registration-remark = Anything that we should know
registration-go = Register
registration-wait = Join the waiting list
registration-kept = The team alone sees this. It is erased { $days } days after the event.
registration-asked-text = We sent you a mail with a link. Open it and press its button: your registration counts from then on.
registration-yours = Your registration
registration-is-asked = Not confirmed yet
registration-is-coming = You have a place.
registration-is-waiting = You are number { $number } on the waiting list.
registration-is-cancelled = You are not registered.
registration-confirm = Yes, register me
registration-again = Register again
registration-cancel = I am not coming
error-said-registration-name = Write your name on one line, with at most 120 letters.
error-said-registration-organisation = Write the organisation on one line, with at most 300 letters.
error-said-registration-remark = Write the remark on one line, with at most 300 letters.
error-said-registration-closed = Registration is closed.
error-said-registration-begun = It has begun; nothing can be changed here any more.
mail-registration-ask-subject = Please confirm: { $title }
mail-registration-ask-text = Somebody, you we hope, registered this address with { $team } for:
mail-registration-how = If you want to come, open this page and press its button. Registration closes { $until }.
    { $link }

    If not, do nothing: we write no more.
mail-registration-coming-subject = You have a place: { $title }
mail-registration-coming-text = You have a place.
mail-registration-waiting-subject = Waiting list: { $title }
mail-registration-waiting-text = All places are taken. We write to you as soon as one becomes free.
mail-registration-moved-up-subject = A place became free: { $title }
mail-registration-moved-up-text = A place became free, and it is yours.
mail-registration-again-subject = You are registered already: { $title }
mail-registration-again-text = Somebody, perhaps you, registered this address once more. Nothing changed.
mail-registration-cancelled-subject = No longer registered: { $title }
mail-registration-cancelled-text = You are no longer registered for:
mail-registration-removed-subject = No longer registered: { $title }
mail-registration-removed-text = We took you off the list of:
mail-registration-off-subject = It does not take place: { $title }
mail-registration-off-text = This does not take place:
mail-registration-on-subject = It takes place after all: { $title }
mail-registration-on-text = This takes place after all:
mail-registration-changed-subject = Changed: { $title }
mail-registration-changed-text = Time or place changed. What holds now stands below.
mail-registration-was = Before:
mail-registration-number = You are number { $number } on the waiting list.
mail-registration-foot = Your registration, also if you are not coming:
    { $link }
