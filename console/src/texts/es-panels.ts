/**
 * What the API says of the dashboard's panels, in Spanish, by the English that it says it in. Loaded with the page of
 * panels, as it is long.
 */
export const ES_PANELS: Readonly<Record<string, string>> = {
  // Headings
  "The way of a transaction": "El camino de una transacción",
  Latency: "Latencia",
  Errors: "Errores",
  Events: "Eventos",
  Jobs: "Trabajos",
  Channels: "Canales",
  Campaigns: "Campañas",
  Scaling: "Escalado",
  Cost: "Coste",
  Alarms: "Alarmas",

  // Titles
  In: "Entrada",
  Queued: "En cola",
  Delivering: "Entregando",
  Out: "Salida",
  "In and out": "Entrada y salida",
  Backlog: "Pendiente",
  "Write to confirmed": "De la escritura a la confirmación",
  "Merchants' answers": "Respuestas de los comercios",
  "In the queue": "En la cola",
  "Failed calls by class": "Llamadas fallidas por clase",
  "Merchants by failure": "Comercios por fallos",
  "Held back": "Retenido",
  "Age of events": "Antigüedad de los eventos",
  "To subscribers": "A los suscriptores",
  "Work on jobs": "Trabajo en los trabajos",
  "Files to import": "Ficheros por importar",
  "Parts of jobs that wait": "Partes de trabajos que esperan",
  "Sent by channels": "Enviado por canales",
  "Not taken": "No aceptado",
  "Waiting for our account": "Esperando a nuestra cuenta",
  "Did not arrive": "No llegó",
  Sent: "Enviadas",
  "Sent by channel": "Enviadas por canal",
  "Delivered by channel": "Entregadas por canal",
  "Failed by channel": "Fallidas por canal",
  "Acknowledged by channel": "Acusadas por canal",
  Workers: "Workers",
  "Backlog per worker": "Pendiente por worker",
  "Load of a worker": "Carga de un worker",
  "Cost drivers": "De qué se compone el coste",
  "Cost of a million": "Coste de un millón",
  "Each alarm's state": "El estado de cada alarma",

  // Labels
  New: "Nuevas",
  "Back from the table": "De vuelta de la tabla",
  Waiting: "En espera",
  "In order": "En orden",
  "Oldest, s": "La más antigua, s",
  "Under way": "En curso",
  "Window, %": "Ventana, %",
  Confirmed: "Confirmadas",
  Parked: "Aparcadas",
  "Given up": "Abandonadas",
  "Old system": "Sistema antiguo",
  Called: "Llamadas",
  "Dead letters": "Mensajes muertos",
  "Circuits open": "Circuitos abiertos",
  "Waiting for merchant": "En espera del comercio",
  "Spared by egress fault": "Ahorradas por fallo de salida",
  Published: "Publicados",
  Refused: "Rechazados",
  Oldest: "El más antiguo",
  Delivered: "Entregadas",
  Failed: "Fallidas",
  Acknowledged: "Acusadas",
  Turns: "Turnos",
  "Looked through": "Examinados",
  Email: "Correo",
  Queues: "Colas",
  Topics: "Temas",
  "Event buses": "Buses de eventos",
  Complaints: "Quejas",
  Uncertain: "Inciertas",
  Running: "En marcha",
  Wanted: "Deseadas",
  Started: "Iniciadas",
  "Messages a task": "Mensajes por tarea",
  CPU: "CPU",
  "Window in use": "Ventana en uso",
  "Table writes": "Escrituras en tablas",
  "Queue requests": "Peticiones a colas",
  Functions: "Funciones",
  "NAT and egress": "NAT y salida",
  Logs: "Registros",
  "Dollars per million": "Dólares por millón",

  // Notes
  "not measured here": "no se mide aquí",
  "not measured here, in part": "no se mide aquí, en parte",
  "not published in small-account mode": "no se publica en el modo de cuenta pequeña",
  "not published in small-account mode, in part": "no se publica en el modo de cuenta pequeña, en parte",

  // What panels help with
  "Versions that came off the table's stream onto the queue, and parked ones that were put back.":
    "Versiones que pasaron del stream de la tabla a la cola, y aparcadas que se devolvieron.",
  "Messages that wait for a worker, and the age of the oldest.":
    "Mensajes que esperan a un worker, y la antigüedad del más antiguo.",
  "Messages that workers have in hand, and how much of what a task may have under way is used.":
    "Mensajes que los workers tienen entre manos, y cuánto se usa de lo que una tarea puede tener en curso.",
  "Confirmed by a response, an acknowledgement or a receipt, parked in the table, given up, left to the old system.":
    "Confirmadas por una respuesta o un acuse, aparcadas en la tabla, abandonadas, dejadas al sistema antiguo.",
  "Put on the queue, called, and confirmed, each second.": "Puestas en la cola, llamadas y confirmadas, por segundo.",
  "Messages in the queues: waiting, in hand, and dead letters.":
    "Mensajes en las colas: en espera, entre manos y muertos.",
  "From the write of a version until its row says CONFIRMED by a response, retries included.":
    "Desde la escritura de una versión hasta que su fila dice CONFIRMED por una respuesta, con los reintentos.",
  "One call of a webhook, whatever its outcome.": "Una llamada a un webhook, sea cual sea su resultado.",
  "From sent to first received.": "Desde que se envía hasta que se recibe por primera vez.",
  "Calls that were not answered with 2xx, each second, by why.":
    "Llamadas que no se respondieron con 2xx, por segundo y por motivo.",
  "Who fails most, from the log: no metric has a merchant as a dimension.":
    "Quién falla más, según el registro: ninguna métrica tiene un comercio como dimensión.",
  "Circuits that are open, and what was not tried: its merchant's gate is closed, or our own network is at fault.":
    "Circuitos abiertos, y lo que no se intentó: el comercio no admite llamadas, o falla nuestra propia red.",
  "Published each second, and refused by SNS.": "Publicados por segundo, y rechazados por SNS.",
  "How long ago the step was recorded that was published last, in milliseconds.":
    "Hace cuánto se anotó el paso que se publicó el último, en milisegundos.",
  "Messages that SNS handed to queues and functions that are subscribed, and those that it could not.":
    "Mensajes que SNS entregó a las colas y funciones suscritas, y los que no pudo.",
  "Turns on parts of jobs, and those that failed and come again.":
    "Turnos en partes de trabajos, y los que fallaron y vuelven.",
  "Files that were looked through, and looks that failed and come again.":
    "Ficheros examinados, y exámenes que fallaron y vuelven.",
  "Messages that nobody works on yet: more than a few mean that all places are taken, or that turns fail.":
    "Mensajes en los que nadie trabaja aún: más de unos pocos significan que no hay sitio, o que los turnos fallan.",
  "Messages that the services took.": "Mensajes que los servicios aceptaron.",
  "Messages that were not taken, whosever fault it was.":
    "Mensajes que no se aceptaron, fuera de quien fuera la culpa.",
  "Messages that limits, rights or the spending cap kept back, and those of which nobody knows whether they were sent.":
    "Mensajes que retuvieron límites, permisos o el tope de gasto, y aquellos de los que no se sabe si se enviaron.",
  "Messages that were taken and did not arrive, by receipts.":
    "Mensajes que se aceptaron y no llegaron, según los acuses.",
  "Messages waiting and under way for each task that runs, which scaling holds at its target.":
    "Mensajes en espera y en curso por cada tarea en marcha, que el escalado mantiene en su objetivo.",
  "CPU of the tasks, and how much of their windows is used.": "CPU de las tareas, y cuánto se usa de sus ventanas.",
  "Dollars an hour at the rate of each moment, from metrics and list prices.":
    "Dólares por hora al ritmo de cada momento, según métricas y precios de lista.",
  "Dollars for a million confirmations, if all were as those of each moment.":
    "Dólares por un millón de confirmaciones, si todas fueran como las de cada momento.",
  "Every alarm of the stack; its heading in the runbook says what to do.":
    "Todas las alarmas de la pila; su apartado en el runbook dice qué hacer.",
};
