# Контрольные работы и мероприятия в пути сообщения и в учебной ленте.
trace-title-control-work = { $group } · { $form } · { $lesson }, { $day }
trace-title-school-event = { $group } · мероприятие «{ $title }», { $day }
trace-title-school-event-whole = вся школа · мероприятие «{ $title }», { $day }
rail-title-control-work = работа в графике контрольных · { $subject }, { $day }
rail-title-school-event = мероприятие «{ $name }»
