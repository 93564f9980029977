// A client of iso4 serve: functions of this program are tools of the code that it runs. `go run client.go` runs it.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"sync"
)

type object = map[string]any

var tools = map[string]func(args []any) (any, error){
	"weather": func(args []any) (any, error) {
		if args[0] == "Atlantis" {
			return nil, errors.New("no such city")
		}
		return object{"celsius": len(args[0].(string))}, nil
	},
}

var outgoing, waiting = make(chan object), sync.Map{} // of channels, by the ids of requests

func request(id, method string, params object) object {
	answer := make(chan object, 1)
	waiting.Store(id, answer)
	outgoing <- object{"jsonrpc": "2.0", "id": id, "method": method, "params": params}
	return (<-answer)["result"].(object)
}

func answer(id any, call object) {
	message := object{"jsonrpc": "2.0", "id": id}
	if value, err := tools[call["name"].(string)](call["args"].([]any)); err != nil {
		message["error"] = object{"code": 1, "message": err.Error()}
	} else {
		message["result"] = object{"value": value}
	}
	outgoing <- message
}

func read(lines *bufio.Scanner) {
	lines.Buffer(nil, 8<<20+1)
	for lines.Scan() {
		m := object{}
		json.Unmarshal(lines.Bytes(), &m)
		if m["method"] == "tool/call" {
			go answer(m["id"], m["params"].(object))
		} else if result, ok := waiting.LoadAndDelete(m["id"]); ok && m["method"] == nil {
			result.(chan object) <- m
		}
	}
}

func main() {
	iso4 := exec.Command("iso4", "serve")
	input, _ := iso4.StdinPipe()
	output, _ := iso4.StdoutPipe()
	iso4.Start()
	go func() {
		for message := range outgoing {
			json.NewEncoder(input).Encode(message)
		}
	}()
	go read(bufio.NewScanner(output))
	request("hello", "initialize", object{"protocolVersion": 1, "capabilities": object{"tools": object{}}})
	for _, cities := range []string{`["Oslo", "Rome"]`, `["Atlantis"]`} {
		code := "export default (await Promise.all(" + cities + ".map((c) => weather(c)))).map((w) => w.celsius)"
		result := request(cities, "run", object{"code": code, "globals": object{"weather": object{"caller": true}}})
		fmt.Println(result["ok"], result["exports"])
	}
	input.Close() // it ends
}
