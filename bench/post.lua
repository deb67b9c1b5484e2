-- New items by many members in turn, each with a key of its own and about 600 characters that differ.
-- Arguments: a file with lines of `token csrf path kind`, and a word that makes the keys of this run its own.
local phrases = {
  "I walked home the long way and it was quiet", "my sister made tea and we did not talk much",
  "the bus was late again so I read two pages", "I said hello to somebody in my class",
  "it rained and I stayed in with the cat", "we tried a new song on the old guitar",
  "the test went better than the last one", "I wrote a list and did half of it",
  "lunch was loud so I sat near the window", "my friend saved me a seat today",
  "I slept a bit more than the night before", "the teacher gave us another week",
  "I painted the shelf green and like it", "we played cards until it was late",
  "I told my mum about the plan for spring", "the park was full of dogs this morning",
  "I am slowly getting used to the new school", "there was a long queue and I waited",
  "I made soup from what was in the cupboard", "the film was slow but kind of lovely",
  "I forgot my keys and had to laugh about it", "someone held the door and smiled",
  "I do not know what to say next but I am here", "the week felt long and it is only Tuesday",
  "I started running again, only round the block", "my room is tidy for once",
  "the neighbour's baby laughed at my hat", "I like how the street looks after rain",
  "we planted beans on the balcony", "I answered a message I had left for days",
}

local senders, turn, made, mark = {}, 0, 0, 0

function setup(thread)
  mark = mark + 1
  thread:set("thread_number", mark)
end

function init(args)
  for line in io.lines(args[1]) do
    local token, csrf, path, kind = line:match("^(%S+) (%S+) (%S+) (%S+)$")
    senders[#senders + 1] = { token = token, csrf = csrf, path = path, kind = kind }
  end
  run = args[2]
  math.randomseed(os.time() * 31 + thread_number * 7919)
  turn = math.random(#senders)
end

local function words()
  local parts, length = {}, 0
  while length < 590 do
    local part = phrases[math.random(#phrases)]
    parts[#parts + 1] = part
    length = length + #part + 2
  end
  return table.concat(parts, ". ") .. "."
end

function request()
  turn = turn % #senders + 1
  made = made + 1
  local sender = senders[turn]
  local title = sender.kind == "thread" and '"title":"A day like others","wants":"listen",' or ""
  local body = string.format('{%s"body":"%s","voice":"name","key":"%s-%d-%d","csrf":"%s"}', title, words(), run,
    thread_number, made, sender.csrf)
  return wrk.format("POST", sender.path, {
    ["Cookie"] = "understory=" .. sender.token, ["Content-Type"] = "application/json", ["Accept"] = "application/json",
    ["Host"] = wrk.headers["Host"],
  }, body)
end

function done(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d %d %.3f %.3f\n", summary.requests, summary.duration, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
