"""Workers who keep a craft, judge each other's work blind, and vouch for it."""
