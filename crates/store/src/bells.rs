//! The bells by which workers hear that there is work, one for each line of work: a commit that
//! left mail to send wakes nobody but who sends mail.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// All bells that hang, each with the kinds of jobs that it rings for.
#[derive(Clone, Default)]
pub(crate) struct Bells(Arc<Mutex<Vec<Bell>>>);

struct Bell {
    kinds: &'static [&'static str],
    notify: Arc<Notify>,
}

impl Bells {
    /// The bell of these kinds. One hears it: their line of work.
    pub(crate) fn hang(&self, kinds: &'static [&'static str]) -> Arc<Notify> {
        let mut bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bell) = bells.iter().find(|bell| bell.kinds == kinds) {
            return Arc::clone(&bell.notify);
        }
        let notify = Arc::new(Notify::new());
        bells.push(Bell { kinds, notify: Arc::clone(&notify) });
        notify
    }

    /// Rings for the kinds that are meant. Who looks at the queue just now hears it afterwards.
    pub(crate) fn ring(&self, meant: impl Fn(&str) -> bool) {
        let bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for bell in bells.iter().filter(|bell| bell.kinds.iter().any(|kind| meant(kind))) {
            bell.notify.notify_one();
        }
    }
}
