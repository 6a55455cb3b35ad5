# Вид школы, как его назовут в канцелярии.
office-kind-municipal = муниципальная
office-kind-state = государственная
office-kind-private = частная
office-kind-branch = филиал
