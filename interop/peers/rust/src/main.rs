//! A rust-libp2p peer for the interoperability tests; its command line is described in ../README.md.

mod fork;
mod node;
mod nodeinfo;
mod operations;
mod options;
mod protocols;
mod streams;
mod work;

use std::{process::exit, time::Duration};

use libp2p::PeerId;
use serde_json::{Map, Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    signal::unix::{SignalKind, signal},
    sync::mpsc,
    task::JoinHandle,
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
    if options.kind.is_some() {
        return tokio::select! {
            _ = terminated.recv() => if options.is_listener { Ok(()) } else { Err(Failure::other("terminated")) },
            result = run_work(&options) => result,
        };
    }
    let mut nodes = vec![];
    for number in 0..options.identities {
        let mut node = Node::new(&options.of_identity(number))?;
        if options.is_listener {
            let addresses = node.listen(&options.listen).await?;
            print_line(json!({"event": "listening", "peerId": node.peer_id().to_string(), "addresses": addresses}));
        }
        let (commands, received) = mpsc::unbounded_channel();
        let (events, told) = mpsc::unbounded_channel();
        let own = node.peer_id();
        nodes.push(Running { own, commands: commands.clone(), told, task: tokio::spawn(node.run(received, commands, events)) });
    }

    let result = if options.is_listener {
        tokio::select! {
            _ = terminated.recv() => Ok(()),
            _ = take_commands(&options, &mut nodes) => Ok(()),
        }
    } else {
        let Running { commands, told, .. } = &mut nodes[0];
        tokio::select! {
            _ = terminated.recv() => Err(Failure::other("terminated")),
            _ = tokio::time::sleep(options.timeout) => {
                Err(Failure::new("timeout", format!("no result within {} s", options.timeout.as_secs())))
            }
            result = operations::run(&options, commands, take(told)) => result.map(|mut members| {
                members.insert("ok".into(), true.into());
                print_line(members);
            }),
        }
    };
    for node in nodes {
        let _ = node.commands.send(Command::Stop);
        let _ = node.task.await;
    }
    result
}

async fn run_work(options: &Options) -> Result<(), Failure> {
    if options.is_listener {
        return work::listen(options).await;
    }
    let work = async {
        if options.target.is_empty() { work::both(options).await } else { work::dial(options, &options.target).await }
    };
    let timed_out = |_| Failure::new("timeout", format!("no result within {} s", options.timeout.as_secs()));
    let mut members = tokio::time::timeout(options.timeout, work).await.map_err(timed_out)??;
    members.insert("ok".into(), true.into());
    print_line(members);
    Ok(())
}

/// A node in a task of its own.
struct Running {
    own: PeerId,
    commands: mpsc::UnboundedSender<Command>,
    told: mpsc::UnboundedReceiver<node::Told>,
    task: JoinHandle<()>,
}

fn take<T>(receiver: &mut mpsc::UnboundedReceiver<T>) -> mpsc::UnboundedReceiver<T> {
    std::mem::replace(receiver, mpsc::unbounded_channel().1)
}

/// Tells what happens, and takes commands from stdin until it ends.
async fn take_commands(options: &Options, nodes: &mut [Running]) {
    for node in nodes.iter_mut() {
        let mut told = take(&mut node.told);
        let own = node.own.to_string();
        tokio::spawn(async move {
            while let Some(event) = told.recv().await {
                let mut members = event.members();
                members["self"] = own.clone().into();
                print_line(members);
            }
        });
    }
    for address in &options.dial_on_start {
        let _ = nodes[0].commands.send(Command::Dial(address.clone()));
    }
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let words: Vec<&str> = line.split_whitespace().collect();
        // A peer id at the end says which of our nodes is meant; the first one is, without it.
        let (own, command, delay) = match words[..] {
            [] => continue,
            ["dial", address] => (None, Command::Dial(address.into()), 0),
            ["dial", address, own] => (Some(own), Command::Dial(address.into()), 0),
            ["dial", address, own, delay] => (Some(own), Command::Dial(address.into()), delay.parse().unwrap_or(0)),
            ["close", peer] => (None, Command::Close(peer.into()), 0),
            ["close", peer, own] => (Some(own), Command::Close(peer.into()), 0),
            ["peers"] => (None, Command::Peers, 0),
            ["peers", own] => (Some(own), Command::Peers, 0),
            _ => {
                print_line(json!({"event": "error", "error": format!("unknown command {line}")}));
                continue;
            }
        };
        let Some(node) = nodes.iter().find(|node| own.is_none_or(|own| own == node.own.to_string())) else {
            print_line(json!({"event": "error", "error": format!("no node of ours is meant by {line}")}));
            continue;
        };
        let commands = node.commands.clone();
        tokio::spawn(async move {
            if delay > 0 {
                tokio::time::sleep(Duration::from_micros(delay)).await;
            }
            let _ = commands.send(command);
        });
    }
}
