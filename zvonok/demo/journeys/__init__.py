"""The four journeys of the performance, each a module: an absence, marks and remarks, a notice, the diary."""
