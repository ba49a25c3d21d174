//! Circles in which files import one another.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::imports::Import;
use crate::module_tree::{Crate, FileId};

/// The circles, each as the imports that lead around it: for every import the shortest circle that it is part of.
pub fn circles(imports: &[Import]) -> Vec<Vec<Import>> {
    // The first import of one file by another stands for all of them.
    let mut graph: BTreeMap<FileId, BTreeMap<FileId, &Import>> = BTreeMap::new();
    for import in imports {
        graph.entry(import.from).or_default().entry(import.to).or_insert(import);
    }
    let mut circles = BTreeSet::new();
    for (from, targets) in &graph {
        for to in targets.keys() {
            let Some(mut files) = shortest_path(&graph, *to, *from) else { continue };
            let first = files.iter().enumerate().min_by_key(|(_, file)| **file).map_or(0, |(at, _)| at);
            files.rotate_left(first);
            circles.insert(files);
        }
    }
    let import = |from: FileId, to: FileId| (*graph[&from][&to]).clone();
    let around = |files: &Vec<FileId>| {
        let next = files.iter().cycle().skip(1);
        files.iter().zip(next).map(|(from, to)| import(*from, *to)).collect()
    };
    circles.iter().map(around).collect()
}

/// The files from `start` to `end`, both included.
fn shortest_path(
    graph: &BTreeMap<FileId, BTreeMap<FileId, &Import>>,
    start: FileId,
    end: FileId,
) -> Option<Vec<FileId>> {
    let mut before = BTreeMap::from([(start, start)]);
    let mut queue = VecDeque::from([start]);
    while let Some(file) = queue.pop_front() {
        if file == end {
            let mut path = vec![end];
            while path[path.len() - 1] != start {
                path.push(before[&path[path.len() - 1]]);
            }
            path.reverse();
            return Some(path);
        }
        for next in graph.get(&file).into_iter().flat_map(BTreeMap::keys) {
            if !before.contains_key(next) {
                before.insert(*next, file);
                queue.push_back(*next);
            }
        }
    }
    None
}

/// The circle in words: one line for each import, with its file, line and path.
pub fn describe(circle: &[Import], of: &Crate, name: impl Fn(&std::path::Path) -> String) -> String {
    let lines = circle.iter().map(|import| {
        let Import { from, to, line, path } = import;
        format!("    {}:{line} imports {} by `{path}`\n", name(&of.files[*from]), name(&of.files[*to]))
    });
    lines.collect()
}
