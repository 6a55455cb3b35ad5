# Control works and school events in the way of a message and in the rail of the sandbox.
trace-title-control-work = { $group } · { $form } · { $lesson }, { $day }
trace-title-school-event = { $group } · event "{ $title }", { $day }
trace-title-school-event-whole = the whole school · event "{ $title }", { $day }
rail-title-control-work = planned control work · { $subject }, { $day }
rail-title-school-event = event "{ $name }"
