//! A rust-libp2p peer for the interoperability tests; its command line is described in ../README.md.

mod node;
mod nodeinfo;
mod operations;
mod options;
mod protocols;
mod streams;

use std::process::exit;

use serde_json::{Map, Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    signal::unix::{SignalKind, signal},
    sync::mpsc,
};

use node::{Command, Node};
use options::Options;

/// What went wrong, a reason that the tests know, and what is known besides.
#[derive(Debug, Default)]
pub struct Failure {
    pub reason: Option<&'static str>,
    pub error: String,
    pub details: Map<String, Value>,
}

impl Failure {
    pub fn new(reason: &'static str, error: impl ToString) -> Self {
        Failure { reason: Some(reason), error: error.to_string(), ..Default::default() }
    }

    pub fn other(error: impl ToString) -> Self {
        Failure { error: error.to_string(), ..Default::default() }
    }

    /// The members of a line that tells it.
    pub fn members(self) -> Map<String, Value> {
        let mut members = self.details;
        members.insert("ok".into(), false.into());
        members.insert("error".into(), self.error.into());
        if let Some(reason) = self.reason {
            members.insert("reason".into(), reason.into());
        }
        members
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Failure::other(error)
    }
}

pub fn print_line(members: impl Into<Value>) {
    println!("{}", members.into());
}

#[tokio::main]
async fn main() {
    match run().await {
        Ok(()) => exit(0),
        Err(failure) => {
            print_line(failure.members());
            exit(1)
        }
    }
}

async fn run() -> Result<(), Failure> {
    let options = Options::parse(std::env::args().skip(1))?;
    let mut terminated = signal(SignalKind::terminate())?;
    let mut node = Node::new(&options)?;
    if options.is_listener {
        let addresses = node.listen(&options.listen).await?;
        print_line(json!({"event": "listening", "peerId": node.peer_id().to_string(), "addresses": addresses}));
    }
    let (commands, received) = mpsc::unbounded_channel();
    let (events, told) = mpsc::unbounded_channel();
    let running = tokio::spawn(node.run(received, commands.clone(), events));

    let result = if options.is_listener {
        tokio::select! {
            _ = terminated.recv() => Ok(()),
            _ = take_commands(&options, &commands, told) => Ok(()),
        }
    } else {
        tokio::select! {
            _ = terminated.recv() => Err(Failure::other("terminated")),
            _ = tokio::time::sleep(options.timeout) => {
                Err(Failure::new("timeout", format!("no result within {} s", options.timeout.as_secs())))
            }
            result = operations::run(&options, &commands, told) => result.map(|mut members| {
                members.insert("ok".into(), true.into());
                print_line(members);
            }),
        }
    };
    let _ = commands.send(Command::Stop);
    let _ = running.await;
    result
}

/// Tells what happens, and takes commands from stdin until it ends.
async fn take_commands(options: &Options, commands: &mpsc::UnboundedSender<Command>, mut told: mpsc::UnboundedReceiver<node::Told>) {
    tokio::spawn(async move {
        while let Some(event) = told.recv().await {
            print_line(event.members());
        }
    });
    for address in &options.dial_on_start {
        let _ = commands.send(Command::Dial(address.clone()));
    }
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let words: Vec<&str> = line.split_whitespace().collect();
        let command = match words[..] {
            [] => continue,
            ["dial", address] => Command::Dial(address.into()),
            ["close", peer] => Command::Close(peer.into()),
            ["peers"] => Command::Peers,
            _ => {
                print_line(json!({"event": "error", "error": format!("unknown command {line}")}));
                continue;
            }
        };
        let _ = commands.send(command);
    }
}
