//! A change of the network at an instant, on a clock of our own.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

#[derive(Debug, Clone)]
pub struct Fork {
    pub network_id: String,
    at_millis: i64,
    window_millis: i64,
    /// How far the clocks are ahead, dealt out to the identities in turn.
    skews_millis: Vec<i64>,
}

impl Fork {
    /// A fork at an instant in Unix milliseconds, and the time before and after it in which both networks are accepted.
    pub fn new(at_millis: u64, network_id: String, window: Duration, skews_millis: Vec<i64>) -> Self {
        Fork { network_id, at_millis: at_millis as i64, window_millis: window.as_millis() as i64, skews_millis }
    }

    pub fn of_identity(&self, number: usize) -> Self {
        let skews = &self.skews_millis;
        let skews_millis = if skews.is_empty() { vec![] } else { vec![skews[number % skews.len()]] };
        Fork { skews_millis, ..self.clone() }
    }

    pub fn has_come(&self) -> bool {
        self.since_millis() >= 0
    }

    pub fn is_in_window(&self) -> bool {
        (-self.window_millis..self.window_millis).contains(&self.since_millis())
    }

    fn since_millis(&self) -> i64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as i64;
        now + self.skews_millis.first().unwrap_or(&0) - self.at_millis
    }
}
