//! Charts as pictures that the server draws. Each stands beside a table that says the same.

/// Bars over time, each with a name and a number.
#[derive(Clone, Debug, Default)]
pub struct Bars {
    /// Name and number, in the order of time.
    pub bars: Vec<(String, i64)>,
}

/// Width and height of the drawing, in its own units.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 180.0;
/// Room for the numbers at the left and the names below.
const LEFT: f64 = 64.0;
const BELOW: f64 = 24.0;
const ABOVE: f64 = 8.0;

/// One bar as it is drawn.
#[derive(Clone, Debug)]
pub struct Bar {
    /// Left edge.
    pub x: String,
    /// Upper edge.
    pub y: String,
    /// Width.
    pub width: String,
    /// Height.
    pub height: String,
    /// Name and number, for whoever points at it.
    pub title: String,
}

impl Bars {
    /// The largest number, rounded up to one that reads well.
    pub fn top(&self) -> i64 {
        let most = self.bars.iter().map(|(_, number)| *number).max().unwrap_or(0).max(1);
        let mut step = 1;
        while step * 10 <= most {
            step *= 10;
        }
        [1, 2, 5, 10].into_iter().map(|times| step * times).find(|top| *top >= most).unwrap_or(most)
    }

    /// The bars.
    pub fn drawn(&self) -> Vec<Bar> {
        let count = self.bars.len().max(1);
        let (room, top) = ((WIDTH - LEFT) / number(count), self.top());
        let tall = HEIGHT - ABOVE - BELOW;
        let bar = |(at, (name, value)): (usize, &(String, i64))| {
            // What is there at all can be seen.
            let height = if *value > 0 { (tall * portion(*value, top)).max(1.5) } else { 0.0 };
            Bar {
                x: format!("{:.1}", LEFT + room * number(at) + room * 0.1),
                y: format!("{:.1}", ABOVE + tall - height),
                width: format!("{:.1}", (room * 0.8).max(0.6)),
                height: format!("{height:.1}"),
                title: format!("{name}: {value}"),
            }
        };
        self.bars.iter().enumerate().map(bar).collect()
    }

    /// Names below the bars, as many as fit: where and what.
    pub fn names(&self) -> Vec<(String, String)> {
        let count = self.bars.len().max(1);
        let (every, room) = (count.div_ceil(6), (WIDTH - LEFT) / number(count));
        self.bars.iter().enumerate().step_by(every).map(|(at, (name, _))| (format!("{:.1}", LEFT + room * (number(at) + 0.5)), name.clone())).collect()
    }
}

#[expect(clippy::cast_precision_loss, reason = "a picture needs no more than sixteen digits")]
fn portion(value: i64, of: i64) -> f64 {
    value as f64 / of as f64
}

#[expect(clippy::cast_precision_loss, reason = "a picture has no more than a few hundred bars")]
fn number(count: usize) -> f64 {
    count as f64
}
